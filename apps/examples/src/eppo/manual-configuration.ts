// For production: set EPPO_API_KEY, and leave EPPO_BASE_URL unset unless you serve your own copy of the configuration.
import { Configuration, createClient } from "@sortition/node";

const apiKey = process.env["EPPO_API_KEY"] ?? "example";
const baseUrl = process.env["EPPO_BASE_URL"] ?? "https://fscdn.eppo.cloud/api";

/** The configuration as opaque bytes. Store them unchanged. */
async function fetchConfiguration(): Promise<Uint8Array> {
  const response = await fetch(`${baseUrl}/flag-config/v1/config?apiKey=${apiKey}`);
  if (!response.ok) throw new Error(`the server responded with status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

// With `null`, the client fetches nothing and has no configuration until you set one.
const client = createClient({ apiKey, pollIntervalMs: null });
const checkout = () => client.getStringAssignment("test-checkout", "user-3", {}, "no answer yet");
console.log(`without: ${checkout()}`);

const bytes = await fetchConfiguration();
client.setConfiguration(Configuration.from({ flagsConfiguration: bytes }));
console.log(`set: ${checkout()}`);

// Later, at any time: the new configuration takes effect between two evaluations.
client.on("configuration-changed", ({ flagsChanged }) =>
  console.log(`changed: ${flagsChanged.changed.join(", ")}`),
);
client.setConfiguration(Configuration.from({ flagsConfiguration: await fetchConfiguration() }));
console.log(`updated: ${checkout()}`);
await client.close();

// A client can also start with these bytes, and then needs no key.
const initialConfiguration = Configuration.from({ flagsConfiguration: bytes });
await using other = createClient({ initialConfiguration, pollIntervalMs: null });
const again = other.getStringAssignment("test-checkout", "user-3", {}, "no answer yet");
console.log(`initial: ${again}, ready: ${other.isInitialized()}`);

// Prints:
//   without: no answer yet
//   set: standard_checkout
//   changed: test-checkout
//   updated: fast_checkout
//   initial: standard_checkout, ready: true
