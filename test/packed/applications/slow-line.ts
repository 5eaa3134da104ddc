import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";

const EVERY_MS = 100;

/**
 * Starts a line to a server on loopback that is slow in the direction of the server. If the browser closes it, the server's
 * side is closed too.
 *
 * @returns its port.
 */
export async function openSlowLine(port: number, bytesPerSecond: number): Promise<number> {
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    far.on("error", () => {}).pipe(near);
    near.on("error", () => {}).once("close", () => far.destroy());
    void forward(near, far, (bytesPerSecond * EVERY_MS) / 1_000);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function forward(near: Socket, far: Socket, bytes: number): Promise<void> {
  try {
    for await (const chunk of near) {
      for (let i = 0; i < chunk.length && !near.destroyed; i += bytes) {
        far.write(chunk.subarray(i, i + bytes));
        await delay(EVERY_MS);
      }
    }
  } catch {
    // The browser closed the line.
  }
}
