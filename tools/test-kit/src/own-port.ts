import { once } from "node:events";
import type { Server } from "node:net";

/** Above the ports that systems assign to outgoing connections and to servers without a port. */
const FIRST_PORT = 61_000;
const PORTS = 4_500;
/** Number of processes of tests with different ports. */
const PROCESSES = 15;
const OWN_PORTS = PORTS / PROCESSES;

const NEXT = Symbol.for("sortition.test-kit.next-port");
/** Modules are evaluated for each file of tests, but ports belong to the process. */
const state = globalThis as { [NEXT]?: number };

/**
 * Listens on a port of loopback that no other process of tests uses, and that this one has not used for hundreds of servers.
 * The system may assign the port of a server that was just closed, and a client that outlives its test would then send requests
 * to the server of another test.
 */
export async function listenOnOwnPort(server: Server): Promise<number> {
  for (;;) {
    const port = nextPort();
    server.listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}

function nextPort(): number {
  const next = state[NEXT] ?? Math.floor(Math.random() * OWN_PORTS);
  state[NEXT] = (next + 1) % OWN_PORTS;
  const group = Number(process.env["VITEST_POOL_ID"] ?? 0) % PROCESSES;
  return FIRST_PORT + group * OWN_PORTS + next;
}
