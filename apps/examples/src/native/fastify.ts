// For production: set EPPO_API_KEY and PORT, leave EPPO_BASE_URL unset, and in a container listen on 0.0.0.0.
import { init, type SubjectClient } from "@sortition/node";
import fastify, { type FastifyRequest } from "fastify";

// One client for the whole process, created before the first request.
const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: {
    logAssignment: ({ subject, variation }) => console.log(`logged: ${subject} has ${variation}`),
  },
});

type UserRequest = FastifyRequest<{ Querystring: { user?: string } }>;

/** The flags of the user who sent the request. Their values do not change during the request. */
function flagsOf({ headers, query, routeOptions }: UserRequest): SubjectClient {
  return client.forSubject({
    subjectKey: query.user ?? "anonymous",
    // Attributes for the rules.
    attributes: { route: routeOptions.url ?? null, language: headers["accept-language"] ?? null },
  });
}

const app = fastify();
app.get("/checkout", async (request: UserRequest) => {
  const flags = flagsOf(request);
  // Synchronous and without I/O, so there is nothing to await for a flag.
  const checkout = flags.getStringAssignment("test-checkout", "standard_checkout");
  const columns = flags.getIntegerAssignment("column-count", 2);
  return { userId: flags.subjectKey, checkout, columns };
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
//   logged: user-1 has three
//   closed, 0 exposures left
// GET /checkout?user=user-1
//   {"userId":"user-1","checkout":"…_checkout","columns":3}
// GET /checkout?user=user-1
//   {"userId":"user-1","checkout":"…_checkout","columns":3}
