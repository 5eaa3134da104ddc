// For production: set EPPO_API_KEY, and leave EPPO_BASE_URL unset to use the vendor's server.
import { createClient } from "@sortition/node";

// Returns at once; the configuration is fetched in the background. `init(…)` without `await` does the
// same, and registers the client for `getInstance()`.
const client = createClient({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: { logAssignment: ({ subject }) => console.log(`logged: ${subject}`) },
});

/** A request handler like this never waits for the configuration. */
function checkoutOf(userId: string): string {
  return client.getStringAssignment("test-checkout", userId, {}, "standard_checkout");
}

console.log(`before: ${checkoutOf("user-2")}, initialized: ${client.isInitialized()}`);

// Code that needs real values waits, with a deadline. The promise never rejects.
const result = await client.waitForInitialization({ timeoutMs: 5_000 });
console.log(result.ready ? `ready, from ${result.source}` : `not ready: ${result.reason}`);

console.log(`after: ${checkoutOf("user-2")}, initialized: ${client.isInitialized()}`);

await client.close();

// Prints:
//   before: standard_checkout, initialized: false
//   ready, from network
//   logged: user-2
//   after: fast_checkout, initialized: true
