// For production: set EPPO_API_KEY and SEGMENT_WRITE_KEY, and leave EPPO_BASE_URL and SEGMENT_HOST unset.
import { Analytics } from "@segment/analytics-node";
import { type AssignmentEvent, type AssignmentLogger, init } from "@sortition/node";
import { segmentLogger } from "@sortition/segment";

const analytics = new Analytics({
  writeKey: process.env["SEGMENT_WRITE_KEY"] ?? "example",
  host: process.env["SEGMENT_HOST"] ?? "https://api.segment.io",
});

/** A minimal logger. Events are lost if a delivery fails. */
class SegmentAssignmentLogger implements AssignmentLogger {
  readonly name = "by hand";
  logAssignment(event: AssignmentEvent): void {
    const { subject: userId } = event;
    analytics.track({ userId, event: "Eppo Randomization Assignment", properties: event });
  }
}

/** The package's logger copies events, has a bounded buffer and stable IDs, and its flush waits for delivery. */
const packaged = segmentLogger({ analytics });

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: [new SegmentAssignmentLogger(), packaged],
});
for (const user of ["user-1", "user-2", "user-3"]) {
  client.getStringAssignment("test-checkout", user, {}, "standard_checkout");
}

console.log(await packaged.flush({ timeoutMs: 5_000 }));
await client.close();
await analytics.closeAndFlush({ timeout: 5_000 }); // your own instance: the logger does not close it

// Prints:
//   { ok: true, delivered: 3, failed: 0, dropped: 0, pending: 0 }
