import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithThisProcess } from "./children.js";
import { freePort } from "./port.js";
import { type RawReply, type RedisReply, RespConnection, textOf } from "./resp.js";

/** Whether a redis-server is available. `scripts/redis.mjs` sets its path in `REDIS_SERVER_BIN`. */
export const hasRedis: boolean = (process.env["REDIS_SERVER_BIN"] ?? "") !== "";

/** Options of a server. */
export interface RedisOptions {
  /** Additional arguments of redis-server, such as `["--maxmemory", "4mb"]`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A recording of the commands that a server executes. */
export interface Monitor {
  /** Lines of `MONITOR`: time, database and address, quoted arguments. */
  readonly lines: readonly string[];
  /** Stops recording. Resolves when all commands that were executed before are among the lines. */
  stop(): Promise<void>;
}

/** A redis-server in a separate process on loopback, in memory only. */
export interface RedisServer {
  readonly host: "127.0.0.1";
  readonly port: number;
  readonly url: string;
  readonly pid: number | undefined;
  /** Version of Redis that the server implements or is compatible with. */
  version(): Promise<readonly [major: number, minor: number, patch: number]>;
  /** Sends a command on a connection of the test. @throws {Error} with Redis's message. */
  command(...args: readonly (string | number | Uint8Array)[]): Promise<RedisReply>;
  /** Sends a command, and returns bulk strings as bytes. */
  commandBuffer(...args: readonly (string | number | Uint8Array)[]): Promise<RawReply>;
  monitor(): Promise<Monitor>;
  /** Kills the process with SIGKILL. Resolves when it has ended. */
  kill(): Promise<void>;
  /** Restarts the server on the same port. It is empty. */
  start(): Promise<void>;
  /** Stops the process with SIGSTOP. Connections stay open, and nothing is answered. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const START_TIMEOUT_MS = 40_000;

/** Starts a server. @throws {Error} with its log if it does not start. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "sortition-redis-"));
  let child: ChildProcess | null = null;
  let connection: Promise<RespConnection> | null = null;
  let port = await freePort();

  const start = async (): Promise<void> => {
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
    const inMemory = ["--save", "", "--appendonly", "no"];
    child = await spawnServer([...args, ...inMemory, ...(options.args ?? [])], options.env);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const lost = connection;
    connection = null;
    (await lost?.catch(() => null))?.close();
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };
  const open = (): Promise<RespConnection> => {
    connection ??= RespConnection.open(port).catch((error) => {
      connection = null;
      throw error;
    });
    return connection;
  };
  const send = async (...args: readonly (string | number | Uint8Array)[]): Promise<RawReply> => {
    // The server may have closed the previous connection, for example in a restart.
    if ((await connection)?.isClosed === true) connection = null;
    return (await open()).send(...args);
  };
  const close = async (): Promise<void> => {
    child?.kill("SIGCONT");
    await end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    await start();
  } catch {
    // Another process may have taken the port in the meantime.
    port = await freePort();
    await start();
  }
  return {
    host: "127.0.0.1",
    port,
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return child?.pid;
    },
    async version() {
      const info = String(textOf(await send("INFO", "server")));
      const [major = 0, minor = 0, patch = 0] =
        /^redis_version:(\S+)/m.exec(info)?.[1]?.split(".").map(Number) ?? [];
      return [major, minor, patch];
    },
    command: async (...args) => textOf(await send(...args)),
    commandBuffer: send,
    async monitor() {
      const lines: string[] = [];
      const own = await RespConnection.open(port);
      own.onPush = (reply) => {
        const line = String(textOf(reply));
        if (line !== "OK") lines.push(line); // the reply to QUIT
      };
      await own.send("MONITOR");
      return { lines, stop: () => own.quit() };
    },
    kill: () => end("SIGKILL"),
    start,
    pause() {
      child?.kill("SIGSTOP");
    },
    resume() {
      child?.kill("SIGCONT");
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Starts the program with the given arguments, and waits until it accepts connections. */
export async function spawnServer(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const program = process.env["REDIS_SERVER_BIN"] || "redis-server";
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  endWithThisProcess(child);
  let log = "";
  await new Promise<void>((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new Error(`redis-server ${reason}:\n${log}`));
    };
    const timer = setTimeout(() => fail("did not start in time"), START_TIMEOUT_MS);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => fail(`exited with ${code}`));
    child.stderr.on("data", (chunk) => {
      log += chunk;
    });
    child.stdout.on("data", (chunk) => {
      // Later output must be read too, because otherwise the server would block.
      if (log.length < 100_000) log += chunk;
      if (!/Ready to accept connections|Sentinel ID is/.test(log)) return;
      clearTimeout(timer);
      resolve();
    });
  }).finally(() => child.removeAllListeners("exit"));
  return child;
}
