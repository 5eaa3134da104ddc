import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import type { LoopbackServer } from "./loopback-server.js";

/** The redis-server that `npm run examples` has found, if any. */
const REDIS_SERVER_BIN: string | undefined = process.env["REDIS_SERVER_BIN"];

/** Whether examples that need Redis can run. */
export const hasRedis: boolean = REDIS_SERVER_BIN !== undefined;

/** Number of attempts, because another process may take a free port before redis-server does. */
const TRIES = 5;

/** Starts an empty Redis without persistence on a free port. Starts nothing if there is no redis-server. */
export async function startRedisServer(): Promise<LoopbackServer> {
  if (REDIS_SERVER_BIN === undefined) return { env: {}, close() {} };
  for (let i = 0; i < TRIES; i++) {
    const port = await freePort();
    const child = await startOn(REDIS_SERVER_BIN, port);
    if (child === null) continue;
    return {
      env: { REDIS_URL: `redis://127.0.0.1:${port}` },
      close: () => void child.kill("SIGKILL"),
    };
  }
  throw new Error("redis-server did not start");
}

/** Resolves to the process once it accepts connections, or to `null` if it ends first. */
async function startOn(program: string, port: number): Promise<ChildProcess | null> {
  const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn(program, options, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit").then(() => false);
  const ready = (async () => {
    for await (const line of createInterface(child.stdout)) {
      if (line.includes("Ready to accept connections")) return true;
    }
    return false;
  })();
  const hasStarted = await Promise.race([ready, ended]);
  child.stdout.resume();
  return hasStarted ? child : null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // an object, because it listens on a TCP port
  server.close();
  await once(server, "close");
  return port;
}
