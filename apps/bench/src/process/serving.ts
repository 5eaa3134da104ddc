import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves HTTP on loopback from a process that ends with its parent, which gets the address. */
export function serveToParent(listener: RequestListener): void {
  process.on("disconnect", () => process.exit());
  const server = createServer(listener);
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo; // it listens
    process.send?.(`http://127.0.0.1:${port}`);
  });
}
