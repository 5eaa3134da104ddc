// For production: set EPPO_API_KEY and PORT, leave EPPO_BASE_URL unset, and in a container listen on 0.0.0.0.
import { type Attributes, init } from "@sortition/node";
import fastify, { type FastifyRequest } from "fastify";

// One client for the whole process, created before the first request.
const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: {
    logAssignment: ({ subject, variation }) => console.log(`logged: ${subject} has ${variation}`),
  },
});

/** Attributes for the rules, from the request. */
function attributesOf({ routeOptions, headers }: FastifyRequest): Attributes {
  return { route: routeOptions.url ?? null, language: headers["accept-language"] ?? null };
}

const app = fastify();
app.get<{ Querystring: { user?: string } }>("/checkout", async (request) => {
  const userId = request.query.user ?? "anonymous";
  const attributes = attributesOf(request);
  // Synchronous and without I/O, so there is nothing to await for a flag.
  const checkout = client.getStringAssignment(
    "test-checkout",
    userId,
    attributes,
    "standard_checkout",
  );
  return { userId, checkout };
});

const address = await app.listen({ port: Number(process.env["PORT"] ?? 3_000), host: "127.0.0.1" });
console.log(`listening on ${address}`);

// Wait for the last response, then deliver the last exposures. After `close`, nothing is logged.
async function stop(): Promise<void> {
  await app.close();
  const { pending } = await client.close();
  console.log(`closed, ${pending} exposures left`);
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);

// Prints:
//   listening on http://127.0.0.1:…
//   logged: user-1 has …_checkout
//   closed, 0 exposures left
// GET /checkout?user=user-1
//   {"userId":"user-1","checkout":"…_checkout"}
// GET /checkout?user=user-1
//   {"userId":"user-1","checkout":"…_checkout"}
