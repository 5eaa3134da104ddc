import { getInstance, init } from "@eppo/node-server-sdk";

await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"] ?? "",
  assignmentLogger: {
    logAssignment(event) {
      console.log("logged", event);
    },
  },
});

// Anywhere else in the program: the same client.
const client = getInstance();
console.log(client.getFlagKeys().sort());

for (const userId of ["user-1", "user-2", "user-3", "user-1"]) {
  const variation = client.getStringAssignment("test-checkout", userId, {}, "standard_checkout");
  if (variation === "fast_checkout") console.log(`${userId} sees the short form`);
  else console.log(`${userId} sees the usual form`);
}

client.stopPolling();
