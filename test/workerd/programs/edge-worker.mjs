// A typical Worker, which also reports its status.
import { eppo } from "@sortition/core/eppo";
import { edgeClient, postTo } from "@sortition/edge";

let handed = null;
const options = {
  dialect: eppo(),
  apiKey: "key",
  baseUrl: "http://vendor.invalid",
  // The environment is unknown at module scope, so the first request provides the address.
  fetch: (url, init) => fetch(url.replace("http://vendor.invalid", handed.VENDOR), init),
  send: (exposures, context) => postTo({ url: `${handed.COLLECTOR}/events` })(exposures, context),
  deduplication: false,
  // On a busy machine, the default may drop exposures.
  flushTimeoutMs: 60_000,
};
const atModuleScope = edgeClient(options);
/** Clients that were created in the handler, by name. */
const inHandler = new Map();

// biome-ignore lint/style/noDefaultExport: workerd looks for it
export default {
  async fetch(request, env, ctx) {
    handed = env;
    const { pathname, searchParams } = new URL(request.url);
    const name = searchParams.get("client") ?? "first";
    if (!inHandler.has(name)) inHandler.set(name, edgeClient(options));
    const flags = searchParams.has("module") ? atModuleScope : inHandler.get(name);
    if (pathname === "/status") {
      const { lastError, ...status } = flags.status;
      return Response.json({ ...status, lastError: lastError?.message ?? null });
    }
    const client = await flags.forRequest(searchParams.has("flush") ? {} : ctx);
    const { flag, subject, slow } = Object.fromEntries(searchParams);
    const value = client.getStringAssignment(flag, subject, {}, "default");
    if (searchParams.has("flush")) await client.flush();
    // If the caller disconnects in the meantime, the request ends, except for the promises in `waitUntil`.
    if (slow !== undefined) await new Promise((resolve) => setTimeout(resolve, Number(slow)));
    return new Response(value);
  },
};
