import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below the ports that systems assign to outgoing connections, even with {@link BUS_OFFSET} added.
 */
const FIRST_PORT = 11_000;
const PORTS = 10_000;
/** A node of a cluster also listens on a second port, this far above the first. */
const BUS_OFFSET = 10_000;

/** Returns a free port of loopback. The corresponding port of a cluster's bus is free, too. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if ((await isFree(port)) && (await isFree(port + BUS_OFFSET))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  const closed = once(server, "close");
  server.close();
  await closed;
  return true;
}
