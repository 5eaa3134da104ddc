import { init } from "@eppo/node-server-sdk";
import { buildSelfDescribingEvent, newTracker } from "@snowplow/node-tracker";

const tracker = newTracker(
  { namespace: "shop", appId: "shop" },
  { endpoint: process.env["COLLECTOR_URL"] ?? "", bufferSize: 3, eventMethod: "post" },
);

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"] ?? "",
  assignmentLogger: {
    logAssignment({ subject, variation, experiment, featureFlag }) {
      tracker.track(
        buildSelfDescribingEvent({
          event: {
            schema: "iglu:com.example/assignment/jsonschema/1-0-0",
            data: { subject, variation, experiment, featureFlag },
          },
        }),
      );
    },
  },
});
for (const user of ["user-1", "user-2", "user-3"]) {
  client.getStringAssignment("test-checkout", user, { country: "CH" }, "standard_checkout");
}
client.stopPolling();
tracker.flush();
