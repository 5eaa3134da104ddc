import { mkdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { type RedisServer, startRedis, startTcpProxy } from "@sortition/test-kit/redis";
import { expect, it, type TestContext } from "vitest";
import { FleetWorld, TIMINGS, until } from "../../worker/fleet-world.js";

const I = TIMINGS.pollIntervalMs;
const INTERVALS = 12;
const PROCESSES = 4;
/** For commands and for pushes. */
const CONNECTIONS = 2;

interface Refusal {
  readonly word: string;
  /** Arguments of the server. */
  readonly args?: readonly string[];
  readonly begin: (server: RedisServer, test: TestContext) => Promise<unknown>;
  readonly end: (server: RedisServer) => Promise<unknown>;
  /** How often each connection may be replaced. */
  readonly most: number;
}

/** Pauses of 1, 2, 4 and 8 intervals, and the first time. */
const DOUBLING = 5;
const set =
  (name: string, value: string | number) =>
  (server: RedisServer): Promise<unknown> =>
    server.command("CONFIG", "SET", name, value);

/** A folder with the name of the file cannot be replaced by it. */
async function dumpOf(server: RedisServer): Promise<string> {
  const [, dir] = (await server.command("CONFIG", "GET", "dir")) as readonly [string, string];
  return join(dir, "blocked.rdb");
}

const REFUSALS: readonly Refusal[] = [
  { word: "OOM", begin: set("maxmemory", 1), end: set("maxmemory", 0), most: 0 },
  {
    word: "MISCONF",
    args: ["--dbfilename", "blocked.rdb"],
    async begin(server) {
      await mkdir(await dumpOf(server));
      await server.command("CONFIG", "SET", "save", "3600 1");
      await server.command("BGSAVE");
    },
    async end(server) {
      await rmdir(await dumpOf(server));
      await server.command("CONFIG", "SET", "stop-writes-on-bgsave-error", "no");
    },
    most: DOUBLING,
  },
  {
    word: "NOREPLICAS",
    begin: set("min-replicas-to-write", 1),
    end: set("min-replicas-to-write", 0),
    most: DOUBLING,
  },
  {
    word: "READONLY",
    async begin(server, { onTestFinished }) {
      const empty = await startRedis({ args: ["--repl-diskless-sync-delay", "0"] });
      onTestFinished(() => empty.close());
      await server.command("REPLICAOF", empty.host, empty.port);
    },
    end: (server) => server.command("REPLICAOF", "NO", "ONE"),
    most: INTERVALS + 2,
  },
  {
    word: "NOPERM",
    begin: (server) => server.command("ACL", "SETUSER", "default", "-evalsha", "-eval"),
    end: (server) => server.command("ACL", "SETUSER", "default", "+@all"),
    most: DOUBLING,
  },
  {
    word: "CLUSTERDOWN",
    args: ["--cluster-enabled", "yes"],
    begin: (server) => server.command("CLUSTER", "DELSLOTSRANGE", 0, 16_383),
    end: (server) => server.command("CLUSTER", "ADDSLOTSRANGE", 0, 16_383),
    most: DOUBLING,
  },
  {
    word: "LOADING",
    args: ["--key-load-delay", "10000", "--loading-process-events-interval-bytes", "1024"],
    async begin(server) {
      for (let i = 0; i < 1_500; i++) await server.command("SET", `other:${i}`, "x");
      await server.command("SAVE");
      await server.kill();
      await server.start();
    },
    end: (server) => until(async () => !/loading:1/.test(String(await server.command("INFO")))),
    most: DOUBLING,
  },
];

/** Declares servers that refuse commands for long. */
export function refusalScenarios(): void {
  it.for(REFUSALS)(
    "redis §6 fault 70: a server that refuses commands for long is left at most $most times by each connection: $word",
    async (refusal, test) => {
      const { args = [], begin, end, most } = refusal;
      await using server = await startRedis({ args });
      if (args.includes("--cluster-enabled")) {
        await server.command("CLUSTER", "ADDSLOTSRANGE", 0, 16_383);
        await until(async () =>
          /cluster_state:ok/.test(String(await server.command("CLUSTER", "INFO"))),
        );
      }
      const proxy = await startTcpProxy(server.port);
      const world = new FleetWorld(proxy);
      const members = Array.from({ length: PROCESSES }, () => world.join({ namespace: "shop" }));
      await until(() => members.every(({ fleet }) => fleet.status.revision !== null));
      await begin(server, test);
      const { opened } = proxy;
      await new Promise((resolve) => setTimeout(resolve, INTERVALS * I));
      const replaced = proxy.opened - opened;
      console.log(
        `${refusal.word}: ${replaced} connections of ${PROCESSES} processes in ${INTERVALS} intervals`,
      );
      world.vendor.version = 2;
      await until(() => members.every(({ version }) => version === 2)); // polls directly
      await end(server);
      world.vendor.version = 3;
      await until(() =>
        members.every(({ fleet, version }) => version === 3 && fleet.status.revision !== null),
      );
      await until(() => members.filter(({ fleet }) => fleet.status.role === "leader").length === 1);
      expect(replaced).toBeLessThanOrEqual(most * PROCESSES * CONNECTIONS);
      await world.close();
      await proxy.close();
    },
  );
}
