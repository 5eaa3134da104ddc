// For production: set EPPO_API_KEY and PORT, leave EPPO_BASE_URL unset, and in a container listen on 0.0.0.0.
import { serve } from "@hono/node-server";
import { init, type SubjectClient } from "@sortition/node";
import { type Context, Hono } from "hono";

// One client for the whole process, created before the first request.
const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: {
    logAssignment: ({ subject, variation }) => console.log(`logged: ${subject} has ${variation}`),
  },
});

/** The flags of the user who sent the request. Their values do not change during the request. */
function flagsOf({ req }: Context): SubjectClient {
  return client.forSubject({
    subjectKey: req.query("user") ?? "anonymous",
    // Attributes for the rules.
    attributes: { path: req.path, language: req.header("accept-language") ?? null },
  });
}

const app = new Hono();
app.get("/checkout", (context) => {
  const flags = flagsOf(context);
  // Synchronous and without I/O, so there is nothing to await in a handler.
  const checkout = flags.getStringAssignment("test-checkout", "standard_checkout");
  const columns = flags.getIntegerAssignment("column-count", 2);
  return context.json({ userId: flags.subjectKey, checkout, columns });
});

const port = Number(process.env["PORT"] ?? 3_000);
const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, (address) =>
  console.log(`listening on http://127.0.0.1:${address.port}`),
);

// Wait for the last response, then deliver the last exposures. After `close`, nothing is logged.
function stop(): void {
  server.close(async () => {
    const { pending } = await client.close();
    console.log(`closed, ${pending} exposures left`);
  });
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
