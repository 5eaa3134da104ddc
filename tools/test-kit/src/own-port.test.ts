import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { listenOnOwnPort } from "./own-port.js";

it("a server listens on a port that no earlier server of its process had", async () => {
  const ports = new Set<number>();
  for (let i = 0; i < 50; i++) {
    const server = createServer();
    ports.add(await listenOnOwnPort(server));
    await once(server.close(), "close");
  }
  expect(ports.size).toBe(50);
});

it("a server skips a port that is in use", async () => {
  const [first, other, second] = [createServer(), createServer(), createServer()];
  const port = await listenOnOwnPort(first);
  await once(other.listen(port + 1, "127.0.0.1"), "listening").catch(() => {});
  expect(await listenOnOwnPort(second)).not.toBe(port + 1);
  for (const server of [first, other, second]) server.close();
});
