import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import type { LoopbackServer } from "./loopback-server.js";

/** The program that `npm run examples` has found; absent without one. */
const REDIS_SERVER_BIN: string | undefined = process.env["REDIS_SERVER_BIN"];

/** Whether examples that need Redis can run here. */
export const hasRedis: boolean = REDIS_SERVER_BIN !== undefined;

/** Starts an empty Redis on a free port, which keeps nothing on disk. Without a redis-server there is none. */
export async function startRedisServer(): Promise<LoopbackServer> {
  if (REDIS_SERVER_BIN === undefined) return { env: {}, close() {} };
  const port = await freePort();
  const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn(REDIS_SERVER_BIN, options, { stdio: ["ignore", "pipe", "inherit"] });
  const failed = once(child, "exit").then(() => {
    throw new Error("redis-server did not start");
  });
  const ready = (async () => {
    for await (const line of createInterface(child.stdout)) {
      if (line.includes("Ready to accept connections")) return;
    }
  })();
  await Promise.race([ready, failed]);
  failed.catch(() => {}); // it ends with the example
  child.stdout.resume();
  return {
    env: { REDIS_URL: `redis://127.0.0.1:${port}` },
    close: () => void child.kill("SIGKILL"),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  server.close();
  await once(server, "close");
  return port;
}
