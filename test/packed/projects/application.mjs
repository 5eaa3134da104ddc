// A typical application, in plain JavaScript so that each test runner and bundler accepts it unchanged.
import { init } from "@sortition/node";
import { rudderstackLogger } from "@sortition/rudderstack";
import { segmentLogger } from "@sortition/segment";
import { snowplowLogger } from "@sortition/snowplow";

/** Fetches two configurations, logs an exposure of each to three services, and closes. */
export async function pollLogAndClose() {
  // Keeps the process alive, like an application's server. A client's timers do not.
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

/** Expected result. */
export const EXPECTED = { before: "old", after: "new", pending: 0, delivered: [2, 2, 2] };
