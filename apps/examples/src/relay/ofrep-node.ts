// For production: give the relay's environment `evaluate` and a token with that scope.
// Set RELAY_URL and RELAY_TOKEN.
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OpenFeature } from "@openfeature/server-sdk";

const provider = new OFREPProvider({
  // The address of one environment.
  baseUrl: process.env["RELAY_URL"] ?? "http://relay:8080/shop",
  headers: [["Authorization", `Bearer ${process.env["RELAY_TOKEN"] ?? ""}`]],
});
await OpenFeature.setProviderAndWait(provider);
const flags = OpenFeature.getClient();

// The relay evaluates, and logs the exposure.
const user = { targetingKey: "user-1", country: "DE" };
const { reason, value, variant } = await flags.getStringDetails("test-checkout", "standard", user);
console.log(`user-1 gets ${value}: ${variant}, ${reason}`);
await OpenFeature.close();

// Prints:
//   user-1 gets fast_checkout: …, SPLIT
