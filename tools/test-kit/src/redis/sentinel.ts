import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./port.js";
import { RespConnection, textOf } from "./resp.js";
import { type RedisServer, spawnServer, startRedis } from "./server.js";

/** A master, its replicas, and Sentinels that promote a replica when the master is lost. */
export interface RedisSentinel {
  /** The master's name. */
  readonly name: string;
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  readonly master: RedisServer;
  readonly replica: RedisServer;
  /** Switches to a replica while the master runs, as for maintenance. */
  failOver(): Promise<void>;
  /** Resolves with the replica that the first Sentinel reports as master, when it accepts writes. */
  promoted(): Promise<RedisServer>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const NAME = "fleet";
const SENTINELS = 3;
const DOWN_AFTER_MS = 1_000;
const TIMEOUT_MS = 60_000;

/** Starts one master, its replicas and three Sentinels. Resolves when the replicas are in sync. */
export async function startSentinel(
  options: {
    /** Default: 1. */
    readonly replicas?: number;
    /** Arguments of each server. */
    readonly args?: readonly string[];
  } = {},
): Promise<RedisSentinel> {
  const { args = [], replicas: count = 1 } = options;
  const fast = ["--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0", ...args];
  const master = await startRedis({ args: fast });
  const replicas: RedisServer[] = [];
  for (let i = 0; i < count; i++) {
    const server = await startRedis({
      args: [...fast, "--replicaof", master.host, String(master.port)],
    });
    await until(async () => /master_link_status:up/.test(await replication(server)));
    replicas.push(server);
  }
  const [replica] = replicas;
  if (replica === undefined) throw new Error("no replica");

  const folder = mkdtempSync(join(tmpdir(), "sortition-sentinel-"));
  const sentinels: { readonly host: string; readonly port: number }[] = [];
  const children: ChildProcess[] = [];
  for (let i = 0; i < SENTINELS; i++) {
    const port = await freePort();
    const file = join(folder, `${port}.conf`);
    writeFileSync(file, configurationOf(port, master.port, folder));
    children.push(await spawnServer([file, "--sentinel"]));
    sentinels.push({ host: "127.0.0.1", port });
  }
  const [first] = sentinels;
  if (first === undefined) throw new Error("no Sentinel");
  const connection = await RespConnection.open(first.port);
  // A failover needs a majority of Sentinels that know each other and the replica.
  await until(async () => {
    const facts = textOf(await connection.send("SENTINEL", "MASTER", NAME));
    return (
      factOf(facts, "num-other-sentinels") === "2" && factOf(facts, "num-slaves") === `${count}`
    );
  });

  const close = async (): Promise<void> => {
    connection.close();
    for (const child of children) {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    }
    await Promise.all([master, ...replicas].map((server) => server.close()));
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    name: NAME,
    sentinels,
    master,
    replica,
    failOver: async () => void (await connection.send("SENTINEL", "FAILOVER", NAME)),
    async promoted() {
      let named: RedisServer | undefined;
      await until(async () => {
        const address = textOf(await connection.send("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME));
        const port = Array.isArray(address) ? Number(address[1]) : 0;
        named = replicas.find((server) => server.port === port);
        return named !== undefined && /role:master/.test(await replication(named));
      });
      return named ?? replica; // `until` found one
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function configurationOf(port: number, masterPort: number, folder: string): string {
  return [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${folder}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} 5000`,
    "",
  ].join("\n");
}

/** Returns the server's role, or `""` while Sentinel closes its connections, as it does when it changes the role. */
async function replication(server: RedisServer): Promise<string> {
  return String(await server.command("INFO", "replication").catch(() => ""));
}

function factOf(facts: unknown, name: string): string | undefined {
  const list: readonly unknown[] = Array.isArray(facts) ? facts : [];
  const value = list[list.indexOf(name) + 1];
  return value === undefined ? undefined : String(value);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error("Sentinel: not in time");
    await delay(50);
  }
}
