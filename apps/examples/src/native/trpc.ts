// For production: set EPPO_API_KEY and PORT, and leave EPPO_BASE_URL unset.
// In a container, listen on 0.0.0.0.
import type { AddressInfo } from "node:net";
import { init, type SubjectClient } from "@sortition/node";
import { initTRPC } from "@trpc/server";
import { type CreateHTTPContextOptions, createHTTPServer } from "@trpc/server/adapters/standalone";

// One client for the whole process, created before the first request.
const client = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: {
    logAssignment: ({ subject, variation }) => console.log(`logged: ${subject} has ${variation}`),
  },
});

/** The context of a request, which may call several procedures. All of them get the same values. */
function createContext({ req }: CreateHTTPContextOptions): { flags: SubjectClient } {
  const { searchParams } = new URL(req.url ?? "/", "http://localhost");
  return { flags: client.forSubject({ subjectKey: searchParams.get("user") ?? "anonymous" }) };
}
const t = initTRPC.context<typeof createContext>().create();

const router = t.router({
  // Synchronous and without I/O, so there is nothing to await in a procedure.
  checkout: t.procedure.query(({ ctx }) =>
    ctx.flags.getStringAssignment("test-checkout", "standard_checkout"),
  ),
  columns: t.procedure.query(({ ctx }) => ctx.flags.getIntegerAssignment("column-count", 2)),
});
export type Router = typeof router;

const server = createHTTPServer({ router, createContext });
server.listen(Number(process.env["PORT"] ?? 3_000), "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo; // an object, because it listens on a TCP port
  console.log(`listening on http://127.0.0.1:${port}`);
});

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
// GET /checkout,columns?batch=1&user=user-1
//   [{"result":{"data":"…_checkout"}},{"result":{"data":3}}]
