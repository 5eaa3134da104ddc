// Creates two clients per dialect, one at module scope and one in the handler.
import { edgeClient } from "@sortition/edge";
import { answersOf, DIALECTS } from "./answers.mjs";

let vendor = "";
const create = (name) =>
  edgeClient({
    dialect: DIALECTS[name](),
    apiKey: name === "posthog" ? "phs_secret" : "key",
    baseUrl: "http://vendor.invalid",
    // The environment is unknown at module scope, so the first request provides the address.
    fetch: (url, init) => fetch(url.replace("http://vendor.invalid", `${vendor}/${name}`), init),
  });
const atModuleScope = Object.fromEntries(Object.keys(DIALECTS).map((name) => [name, create(name)]));

// biome-ignore lint/style/noDefaultExport: workerd looks for it
export default {
  async fetch(request, env, ctx) {
    vendor = env.VENDOR;
    const { pathname, searchParams } = new URL(request.url);
    const name = pathname.slice(1);
    const flags = searchParams.has("module") ? atModuleScope[name] : create(name);
    return Response.json(answersOf(await flags.forRequest(ctx)));
  },
};
