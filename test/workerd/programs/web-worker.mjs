// Pages of a Worker: /page/<dialect> returns a snapshot, and /exposures/<dialect> receives exposures.

import { waitUntil } from "cloudflare:workers";
import { amplitude } from "@sortition/amplitude/dialect";
import { eppo } from "@sortition/core/eppo";
import { edgeClient, postTo } from "@sortition/edge";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { datadog } from "../../../packages/datadog/dist/dialect.js";
import { webFlags } from "../../../packages/web/dist/server.js";

let handed = null;
const DIALECTS = {
  eppo: eppo(),
  datadog: datadog(),
  growthbook: growthbook(),
  amplitude: amplitude(),
  posthog: posthog({ projectApiKey: "phc_key" }),
};

function create(name) {
  const flags = edgeClient({
    dialect: DIALECTS[name],
    apiKey: name === "posthog" ? "phs_secret" : "key",
    baseUrl: "http://vendor.invalid",
    // The environment is unknown at module scope, so the first request provides the address.
    fetch: (url, init) => fetch(url.replace("http://vendor.invalid", handed[name]), init),
    send: (exposures, context) =>
      postTo({ url: `${handed.COLLECTOR}/${name}` })(exposures, context),
  });
  return webFlags({
    client: () => flags.forRequest({ waitUntil }),
    audience: "shop-test",
    secrets: ["c29tZS1zZWNyZXQtb2YtMzItcmFuZG9tLWJ5dGVzLi4"],
    subject: (request) => ({
      subjectKey: new URL(request.url).searchParams.get("subject"),
      attributes: { country: "DK" },
    }),
  });
}
const webs = Object.fromEntries(Object.keys(DIALECTS).map((name) => [name, create(name)]));

// biome-ignore lint/style/noDefaultExport: workerd looks for it
export default {
  async fetch(request, env) {
    handed = env;
    const [, route, name] = new URL(request.url).pathname.split("/");
    const { POST, responseHeaders, snapshot } = webs[name];
    if (route === "exposures") return await POST(request);
    const shown = await snapshot({ checkout: "none", search: "none", ui: false }, request);
    return Response.json(shown, { headers: responseHeaders() });
  },
};
