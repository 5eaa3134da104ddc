import { init } from "@eppo/node-server-sdk";

// The vendor's SDK sends the requests, but the program decides when.
const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"] ?? "",
  assignmentLogger: { logAssignment() {} },
  pollingIntervalMs: 60_000,
});
client.stopPolling();
const checkout = () => client.getStringAssignment("test-checkout", "user-3", {}, "no answer yet");
console.log(`set: ${checkout()}, keys: ${client.getFlagKeys().sort().join(", ")}`);

const flags = client.getFlagConfigurations();
for (const [key, flag] of Object.entries(flags)) {
  console.log(key, flag.enabled, flag.variationType, flag.allocations.length, flag.totalShards);
  console.log(flag);
}

await client.fetchFlagConfigurations();
client.stopPolling();
console.log(`updated: ${checkout()}`);
