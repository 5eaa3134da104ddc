// For production: set EPPO_API_KEY, and leave EPPO_BASE_URL unset.
import { createClient } from "@sortition/node";

/** Age at which an invocation requests the configuration again, and the pause between two requests. */
const MAX_AGE_MS = 30_000;

/** One per container: created when the file is loaded, used by all invocations. */
const client = createClient({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  // A frozen function runs no timers, so the client cannot poll in the background.
  pollIntervalMs: null,
  assignmentLogger: {
    // Asynchronous, as most pipelines are.
    logAssignment: async ({ subject, variation }) => console.log(`sent ${subject}: ${variation}`),
  },
});

let requestedAtMs = Number.NEGATIVE_INFINITY;
let request: Promise<unknown> = Promise.resolve();

/** Requests the configuration if it is missing or old. During an outage, only one invocation in 30 s waits for that. */
async function keepFresh(): Promise<void> {
  const ageMs = client.status.ageMs ?? Number.POSITIVE_INFINITY; // includes the time spent frozen
  const nowMs = Date.now();
  if (ageMs > MAX_AGE_MS && nowMs - requestedAtMs > MAX_AGE_MS) {
    requestedAtMs = nowMs;
    request = client
      .refresh({ timeoutMs: 1_000 })
      .then(({ outcome }) => console.log(`refresh: ${outcome}`));
  }
  await request; // never rejects
}

export async function handler(event: { readonly userId: string }): Promise<object> {
  await keepFresh();
  const checkout = client.getStringAssignment(
    "test-checkout",
    event.userId,
    {},
    "standard_checkout",
  );
  // The container is frozen after the response, so send the exposures first, within 2 s. If the
  // platform has `context.waitUntil`, pass it this promise and respond at once.
  const { delivered, pending } = await client.flush({ timeoutMs: 2_000 });
  console.log(`flushed: ${delivered} delivered, ${pending} pending`);
  return { statusCode: 200, checkout };
}

console.log("cold:", JSON.stringify(await handler({ userId: "user-1" })));
console.log("warm:", JSON.stringify(await handler({ userId: "user-2" })));

// Prints:
//   refresh: updated
//   sent user-1: fast_checkout
//   flushed: 1 delivered, 0 pending
//   cold: {"statusCode":200,"checkout":"fast_checkout"}
//   sent user-2: fast_checkout
//   flushed: 1 delivered, 0 pending
//   warm: {"statusCode":200,"checkout":"fast_checkout"}
