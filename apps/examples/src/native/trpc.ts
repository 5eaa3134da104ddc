// For production: set EPPO_API_KEY and PORT, and leave EPPO_BASE_URL unset.
// In a container, listen on 0.0.0.0.
import type { AddressInfo } from "node:net";
import { init } from "@sortition/node";
import { initTRPC } from "@trpc/server";
import { createHTTPServer } from "@trpc/server/adapters/standalone";

// One client for the whole process, created before the first request.
const flags = await init({
  apiKey: process.env["EPPO_API_KEY"] ?? "example",
  baseUrl: process.env["EPPO_BASE_URL"],
  assignmentLogger: {
    logAssignment: ({ subject, variation }) => console.log(`logged: ${subject} has ${variation}`),
  },
});

// The context of a request. Procedures read flags from it, and tests pass their own client.
const createContext = () => ({ flags });
const t = initTRPC.context<ReturnType<typeof createContext>>().create();

const router = t.router({
  checkout: t.procedure.input(String).query(({ ctx, input: userId }) => {
    // Synchronous and without I/O, so there is nothing to await in a procedure.
    const checkout = ctx.flags.getStringAssignment(
      "test-checkout",
      userId,
      {},
      "standard_checkout",
    );
    return { userId, checkout };
  }),
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
    const { pending } = await flags.close();
    console.log(`closed, ${pending} exposures left`);
  });
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);

// Prints:
//   listening on http://127.0.0.1:…
//   logged: user-1 has …_checkout
//   closed, 0 exposures left
// GET /checkout?input="user-1"
//   {"result":{"data":{"userId":"user-1","checkout":"…_checkout"}}}
