import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves HTTP on loopback, without keeping the process alive. Returns the URL. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
}

/** Serves HTTP until the parent process ends. Sends the URL to the parent. */
export async function serveToParent(listener: RequestListener): Promise<void> {
  process.on("disconnect", () => process.exit());
  process.send?.(await serve(listener));
}
