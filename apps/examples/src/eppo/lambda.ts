// For production: set EPPO_API_KEY, leave EPPO_BASE_URL unset, and cache the bytes close to your functions: in a bucket, Redis or a layer.
import { type Client, Configuration, createClient } from "@sortition/node";

const apiKey = process.env["EPPO_API_KEY"] ?? "example";
const baseUrl = process.env["EPPO_BASE_URL"] ?? "https://fscdn.eppo.cloud/api";

/** Replace this with your cache: bytes by name. */
const cache = new Map<string, Uint8Array>();

async function configurationBytes(): Promise<Uint8Array> {
  const cached = cache.get("flags");
  if (cached !== undefined) return cached;
  console.log("fetched the configuration");
  const response = await fetch(`${baseUrl}/flag-config/v1/config?apiKey=${apiKey}`);
  if (!response.ok) throw new Error(`the server responded with status ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  cache.set("flags", bytes);
  return bytes;
}

/** One per container: created by the first invocation, used by all later ones. */
let client: Promise<Client> | undefined;

async function startClient(): Promise<Client> {
  console.log("started the client");
  const configuration = Configuration.from({ flagsConfiguration: await configurationBytes() });
  return createClient({
    initialConfiguration: configuration,
    // A frozen function runs no timers, so the client cannot poll in the background.
    pollIntervalMs: null,
    assignmentLogger: {
      // Asynchronous, as most pipelines are.
      logAssignment: async ({ subject, variation }) => console.log(`sent ${subject}: ${variation}`),
    },
  });
}

export async function handler(event: { readonly userId: string }): Promise<object> {
  client ??= startClient().catch((error: unknown) => {
    client = undefined; // so that the next invocation retries
    throw error;
  });
  const flags = await client;
  const checkout = flags.getStringAssignment(
    "test-checkout",
    event.userId,
    {},
    "standard_checkout",
  );
  // The container is frozen after the response, so send the exposures first, within 2 s. If the
  // platform has `context.waitUntil`, pass it this promise and respond at once.
  const { delivered, pending } = await flags.flush({ timeoutMs: 2_000 });
  console.log(`flushed: ${delivered} delivered, ${pending} pending`);
  return { statusCode: 200, checkout };
}

console.log("cold:", JSON.stringify(await handler({ userId: "user-1" })));
console.log("warm:", JSON.stringify(await handler({ userId: "user-2" })));

// Prints:
//   started the client
//   fetched the configuration
//   sent user-1: fast_checkout
//   flushed: 1 delivered, 0 pending
//   cold: {"statusCode":200,"checkout":"fast_checkout"}
//   sent user-2: fast_checkout
//   flushed: 1 delivered, 0 pending
//   warm: {"statusCode":200,"checkout":"fast_checkout"}
