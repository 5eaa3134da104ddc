// For production: bind a KV namespace as FLAGS. Set EPPO_KEY, COLLECTOR and TOKEN.
// Leave EPPO_URL unset.
import { eppo } from "@sortition/core/eppo";
import { type EdgeClient, edgeClient, type KvNamespace, kvCache, postTo } from "@sortition/edge";

interface Env {
  readonly FLAGS: KvNamespace;
  readonly EPPO_KEY: string;
  readonly EPPO_URL?: string;
  readonly COLLECTOR: string;
  readonly TOKEN: string;
}

interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

/** One per isolate: created by the first request, used by all later ones. */
let flags: EdgeClient | undefined;

const worker = {
  async fetch(request: Request, env: Env, ctx: Context): Promise<Response> {
    flags ??= edgeClient({
      dialect: eppo(),
      apiKey: env.EPPO_KEY,
      baseUrl: env.EPPO_URL,
      cache: kvCache(env.FLAGS),
      send: postTo({ url: env.COLLECTOR, headers: { authorization: env.TOKEN } }),
    });
    // Waits only in the first request of an isolate, while there is no configuration.
    const client = await flags.forRequest(ctx);
    const userId = new URL(request.url).searchParams.get("user") ?? "anonymous";
    const checkout = client.getStringAssignment("test-checkout", userId, {}, "standard_checkout");
    return Response.json({ userId, checkout });
  },
};

// biome-ignore lint/style/noDefaultExport: the platform looks for it
export default worker;

// Prints:
//   listening on http://127.0.0.1:…
// GET /?user=user-1
//   {"userId":"user-1","checkout":"…_checkout"}
// GET /?user=user-1
//   {"userId":"user-1","checkout":"…_checkout"}
