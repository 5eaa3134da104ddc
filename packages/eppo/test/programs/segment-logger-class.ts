import { type IAssignmentEvent, type IAssignmentLogger, init } from "@eppo/node-server-sdk";
import { Analytics } from "@segment/analytics-node";

const analytics = new Analytics({
  writeKey: "example",
  host: process.env["COLLECTOR_URL"] ?? "",
});

class SegmentAssignmentLogger implements IAssignmentLogger {
  readonly #analytics: Analytics;

  constructor(analytics: Analytics) {
    this.#analytics = analytics;
  }

  logAssignment(event: IAssignmentEvent): void {
    const { subject: userId } = event;
    this.#analytics.track({
      userId,
      event: "Eppo Randomization Assignment",
      properties: { ...event, metaData: null },
    });
  }
}

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"] ?? "",
  assignmentLogger: new SegmentAssignmentLogger(analytics),
});
for (const user of ["user-1", "user-2", "user-3"]) {
  client.getStringAssignment("test-checkout", user, {}, "standard_checkout");
}
client.stopPolling();
await analytics.closeAndFlush({ timeout: 5_000 });
