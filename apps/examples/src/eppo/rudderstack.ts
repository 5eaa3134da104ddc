// For production: set EPPO_API_KEY, RUDDERSTACK_WRITE_KEY and RUDDERSTACK_DATA_PLANE_URL, and leave EPPO_BASE_URL unset.
import { init } from "@sortition/node";
import { rudderstackLogger } from "@sortition/rudderstack";

// It creates its own instance, with a timeout and an error handler, and the client closes it.
const logger = rudderstackLogger({
  writeKey: process.env["RUDDERSTACK_WRITE_KEY"] ?? "example",
  dataPlaneUrl: process.env["RUDDERSTACK_DATA_PLANE_URL"] ?? "https://hosted.rudderlabs.com",
  includeSubjectAttributes: ["country"], // others are not sent
});

const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: logger,
});
for (const user of ["user-1", "user-2", "user-3"]) {
  const attributes = { country: "CH", email: `${user}@example.com` };
  client.getStringAssignment("test-checkout", user, attributes, "standard_checkout");
}
await client.close({ timeoutMs: 5_000 });

const { accepted, delivered, failed, dropped } = logger.stats();
console.log(
  `${accepted} accepted = ${delivered} delivered + ${failed} failed + ${dropped} dropped`,
);

// Prints:
//   3 accepted = 3 delivered + 0 failed + 0 dropped
