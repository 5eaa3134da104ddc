// An exposure for an instance of the vendor's library. Arguments: the name of our package, and the URL of the service.
import assert from "node:assert/strict";
import { init } from "@sortition/node";

const [name, url] = process.argv.slice(2);

const CREATE = {
  async segment() {
    const { segmentLogger } = await import("@sortition/segment");
    const { Analytics } = await import("@segment/analytics-node");
    return segmentLogger({ analytics: new Analytics({ writeKey: "key", host: url }) });
  },
  async rudderstack() {
    const { rudderstackLogger } = await import("@sortition/rudderstack");
    const { default: Analytics } = await import("@rudderstack/rudder-sdk-node");
    const options = { dataPlaneUrl: url, errorHandler: () => {} };
    return rudderstackLogger({ analytics: new Analytics("key", options) });
  },
  async snowplow() {
    const { snowplowLogger } = await import("@sortition/snowplow");
    const { newTracker } = await import("@snowplow/node-tracker");
    return snowplowLogger({
      tracker: newTracker({ namespace: "a", appId: "shop" }, { endpoint: url }),
    });
  },
};

const logger = await CREATE[name]();
const client = await init({
  apiKey: "key",
  baseUrl: process.env.FLAGS_URL,
  assignmentLogger: logger,
});
assert.notEqual(client.getStringAssignment("checkout", "user-1", {}, "none"), "none");
await client.close({ timeoutMs: 20_000 });
assert.deepEqual([logger.stats().delivered, logger.stats().failed], [1, 0]);
console.log("ok");
