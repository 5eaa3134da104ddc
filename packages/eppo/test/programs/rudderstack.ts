import { init } from "@eppo/node-server-sdk";
import RudderAnalytics from "@rudderstack/rudder-sdk-node";

const analytics = new RudderAnalytics("example", {
  dataPlaneUrl: process.env["COLLECTOR_URL"] ?? "",
  flushAt: 3,
});

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"] ?? "",
  assignmentLogger: {
    logAssignment({ subject, subjectAttributes, variation, experiment, allocation }) {
      analytics.track({
        userId: subject,
        event: "eppo_assignment",
        properties: { variation, experiment, allocation, country: subjectAttributes["country"] },
      });
    },
  },
});
for (const user of ["user-1", "user-2", "user-3"]) {
  const attributes = { country: "CH", email: `${user}@example.com` };
  client.getStringAssignment("test-checkout", user, attributes, "standard_checkout");
}
client.stopPolling();
await analytics.flush();
