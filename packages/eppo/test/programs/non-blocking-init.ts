import { getInstance, init } from "@eppo/node-server-sdk";

// Not awaited: the configuration is fetched in the background.
const started = init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"] ?? "",
  assignmentLogger: { logAssignment: ({ subject }) => console.log(`logged: ${subject}`) },
  throwOnFailedInitialization: false,
  pollAfterFailedInitialization: true,
});

/** Handles a request, and never waits for the configuration. */
function checkoutOf(userId: string): string {
  return getInstance().getStringAssignment("test-checkout", userId, {}, "standard_checkout");
}

console.log(`before: ${checkoutOf("user-2")}, initialized: ${getInstance().isInitialized()}`);
console.log(`before: ${getInstance().getFlagKeys().length} flags`);
const client = await started;
console.log(`after: ${checkoutOf("user-2")}`);
console.log(client === getInstance());
client.stopPolling();
