// An application as users write it, in plain JavaScript: each test runner and bundler takes it as it is.
import { init } from "@sortition/node";
import { rudderstackLogger } from "@sortition/rudderstack";
import { segmentLogger } from "@sortition/segment";
import { snowplowLogger } from "@sortition/snowplow";

/** Takes a configuration and the next one, logs an exposure of each to three services, and closes. */
export async function pollLogAndClose() {
  // An application has something that holds its process, such as a server; timers of a client do not.
  const server = setInterval(() => {}, 1_000);
  const { FLAGS_URL, SEGMENT_URL, RUDDERSTACK_URL, SNOWPLOW_URL } = process.env;
  const loggers = [
    segmentLogger({ writeKey: "key", host: SEGMENT_URL }),
    rudderstackLogger({ writeKey: "key", dataPlaneUrl: RUDDERSTACK_URL }),
    snowplowLogger({ endpoint: SNOWPLOW_URL, appId: "shop", schemaVendor: "com.example" }),
  ];
  const client = await init({
    apiKey: "key",
    baseUrl: FLAGS_URL,
    pollIntervalMs: 200,
    assignmentLogger: loggers,
  });
  const changed = new Promise((resolve) => client.on("configuration-changed", resolve));
  const before = client.getStringAssignment("checkout", "user-1", {}, "none");
  await changed;
  const after = client.getStringAssignment("checkout", "user-1", {}, "none");
  const { pending } = await client.close({ timeoutMs: 10_000 });
  clearInterval(server);
  return { before, after, pending, delivered: loggers.map((logger) => logger.stats().delivered) };
}

/** Result of a run without a fault. */
export const EXPECTED = { before: "old", after: "new", pending: 0, delivered: [2, 2, 2] };
