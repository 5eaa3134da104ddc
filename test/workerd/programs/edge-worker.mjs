// A Worker as an application has it, with a little more to look at.
import { eppo } from "@sortition/core/eppo";
import { edgeClient, postTo } from "@sortition/edge";

let handed = null;
const options = {
  dialect: eppo(),
  apiKey: "key",
  baseUrl: "http://vendor.invalid",
  // At module scope the environment is not known: the address comes with the first request.
  fetch: (url, init) => fetch(url.replace("http://vendor.invalid", handed.VENDOR), init),
  send: (exposures, context) => postTo({ url: `${handed.COLLECTOR}/events` })(exposures, context),
  deduplication: false,
};
const atModuleScope = edgeClient(options);
/** Clients made in the handler, by name. */
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
    // A caller who hangs up meanwhile ends the request, but for what it has handed to `waitUntil`.
    if (slow !== undefined) await new Promise((resolve) => setTimeout(resolve, Number(slow)));
    return new Response(value);
  },
};
