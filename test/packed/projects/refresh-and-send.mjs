// Reads each vendor's flags, requests them again, and sends events. Prints what it has seen.
import { Experiment } from "@sortition/amplitude";
import { amplitude } from "@sortition/amplitude/dialect";
import { amplitudeSource } from "@sortition/amplitude/source";
import { eppo } from "@sortition/core/eppo";
import { datadog } from "@sortition/datadog/dialect";
import { datadogSource } from "@sortition/datadog/source";
import { init } from "@sortition/eppo";
import { eppoSource } from "@sortition/eppo/source";
import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookSource } from "@sortition/growthbook/source";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { launchdarklySource } from "@sortition/launchdarkly/source";
import { createClient } from "@sortition/node";
import { PostHog } from "@sortition/posthog";
import { posthog } from "@sortition/posthog/dialect";
import { posthogSource } from "@sortition/posthog/source";

/** Addresses of the servers. */
const urls = JSON.parse(process.env.FLAG_URLS);
const keys = { projectApiKey: "phc_key", secretKey: "phs_key" };

const CLIENTS = {
  amplitude: (url) => ({
    dialect: amplitude(),
    source: amplitudeSource({ deploymentKey: "server-key", serverUrl: url }),
  }),
  datadog: (url) => ({
    dialect: datadog(),
    source: datadogSource({ apiKey: "key", baseUrl: url, env: "test" }),
  }),
  eppo: (url) => ({
    dialect: eppo(),
    source: eppoSource({ apiKey: "key", baseUrl: `${url}/api` }),
  }),
  growthbook: (url) => ({
    dialect: growthbook(),
    source: growthbookSource({ clientKey: "key", apiHost: url }),
  }),
  launchdarkly: (url) => ({
    dialect: launchdarkly(),
    source: launchdarklySource({ sdkKey: "sdk-key", baseUri: url, streaming: false }),
  }),
  posthog: (url) => ({
    dialect: posthog({ projectApiKey: keys.projectApiKey }),
    source: posthogSource({ ...keys, host: url }),
  }),
};

/** The value before and after a refresh, and the logged variations. */
async function seenBy(options) {
  const logged = [];
  const assignmentLogger = { logAssignment: ({ variation }) => void logged.push(variation) };
  const client = createClient({ ...options, assignmentLogger });
  const value = () => client.getStringAssignment("checkout", "user-1", {}, "none");
  await client.waitForInitialization();
  const first = value();
  const { error, outcome } = await client.refresh();
  const second = value();
  await client.close();
  return { first, outcome, second, logged: logged.length, error: error?.message };
}

const CLASSES = {
  async amplitude(url) {
    // Its events are sent by the vendor's library, which uses no transport of ours.
    const experiment = Experiment.initializeLocal("server-key", { serverUrl: url });
    await experiment.start();
    const { checkout } = experiment.evaluateV2({ user_id: "user-1" });
    await experiment.stop({ timeoutMs: 10_000 });
    return checkout?.key;
  },
  async eppo(url) {
    const logged = [];
    const client = await init({
      apiKey: "key",
      baseUrl: `${url}/api`,
      assignmentLogger: { logAssignment: ({ variation }) => void logged.push(variation) },
    });
    client.getStringAssignment("checkout", "user-1", {}, "none");
    client.stopPolling();
    return logged;
  },
  async posthog(url) {
    const client = new PostHog(keys.projectApiKey, {
      ...{ host: url, personalApiKey: "phx_key", disableCompression: true },
    });
    await client.waitForLocalEvaluationReady();
    const first = await client.getFeatureFlag("checkout", "user-1");
    await new Promise((resolve) => setTimeout(resolve, 100)); // in the turn of the first load, a reload joins that load
    await client.reloadFeatureFlags();
    const second = await client.getFeatureFlag("checkout", "user-1");
    client.capture({ distinctId: "user-1", event: "bought" });
    await client.shutdown();
    return [first, second];
  },
};

const seen = {};
for (const [vendor, optionsOf] of Object.entries(CLIENTS)) {
  seen[vendor] = await seenBy(optionsOf(urls[vendor]));
}
for (const [vendor, run] of Object.entries(CLASSES)) {
  seen[`class ${vendor}`] = await run(urls[`class ${vendor}`]);
}
const proxied = createClient({
  apiKey: "key",
  proxy: "http://127.0.0.1:1",
  assignmentLogger: null,
});
const { error } = await proxied.refresh();
await proxied.close();
console.log(JSON.stringify({ seen, proxy: error.message }));
