// For production: bind a KV namespace as FLAGS; set GROWTHBOOK_KEY, COLLECTOR and TOKEN; leave GROWTHBOOK_URL unset.
import { type EdgeClient, edgeClient, type KvNamespace, kvCache, postTo } from "@sortition/edge";
import { growthbook } from "@sortition/growthbook/dialect";
import { Hono } from "hono";

interface Bindings {
  readonly FLAGS: KvNamespace;
  readonly GROWTHBOOK_KEY: string;
  readonly GROWTHBOOK_URL?: string;
  readonly COLLECTOR: string;
  readonly TOKEN: string;
}

/** One per isolate: created by the first request, used by all later ones. */
let isolate: EdgeClient | undefined;

const app: Hono<{ Bindings: Bindings }> = new Hono();

app.get("/checkout", async (context) => {
  const { env } = context;
  isolate ??= edgeClient({
    dialect: growthbook(),
    apiKey: env.GROWTHBOOK_KEY,
    baseUrl: env.GROWTHBOOK_URL,
    cache: kvCache(env.FLAGS),
    send: postTo({ url: env.COLLECTOR, headers: { authorization: env.TOKEN } }),
  });
  const client = await isolate.forRequest(context.executionCtx);
  const subjectKey = context.req.query("user") ?? "anonymous";
  const flags = client.forSubject({ subjectKey, attributes: { id: subjectKey, country: "DE" } });
  const isShort = flags.getBooleanAssignment("new-checkout", false);
  const banner = flags.getStringAssignment("banner", "Hello");
  return context.json({ isShort, banner });
});

// biome-ignore lint/style/noDefaultExport: the platform looks for it
export default app;

// Prints:
//   listening on http://127.0.0.1:…
// GET /checkout?user=user-1
//   {"isShort":…,"banner":"Willkommen"}
