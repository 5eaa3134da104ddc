import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves HTTP on loopback while something else keeps the process alive. Returns the address. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
}

/** Serves from a process that ends with its parent, which gets the address. */
export async function serveToParent(listener: RequestListener): Promise<void> {
  process.on("disconnect", () => process.exit());
  process.send?.(await serve(listener));
}
