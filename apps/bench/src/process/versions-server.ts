import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Serves one of several versions of a payload, in a process of its own: sending it must not count as a stall of the
 * SDK's process. The parent gets the port, and sends the index of the version to serve.
 */
export function serveVersions(versions: readonly Uint8Array[]): void {
  let served = 0;
  process.on("disconnect", () => process.exit());
  process.on("message", (version: number) => {
    served = version;
    process.send?.(version);
  });
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json", etag: `"${served}"` });
    response.end(versions[served]);
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port)); // it has one
}
