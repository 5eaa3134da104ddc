import { setTimeout as sleep } from "node:timers/promises";
import type { AssignmentLogger } from "@sortition/core/internal";
import { createClient, type Diagnostics } from "@sortition/node";
import { hasRedis, type Monitor, type RedisServer, startCluster } from "@sortition/test-kit/redis";
import { Cluster } from "ioredis";
import { describe, expect, it } from "vitest";
import { type RedisFleet, type RedisFleetOptions, redis } from "../../src/index.js";
import { type AclUse, aclCommands, aclRules } from "../acl.js";
import { partsOrigin } from "../load/parts-origin.js";
import { assignment } from "../support/events.js";
import { timed } from "../support/timed.js";

const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
const TIMINGS = { pollIntervalMs: 4_000, commandTimeoutMs: 600 };
const NAMESPACE = "rights";
/** The configuration of `partsOrigin`. */
const CONFIG = `sortition:{${NAMESPACE}-abababababab}:v1:config`;

/** Performs all actions of a use, and fails if one of them did not work. */
type Play = (fleet: RedisFleet, server: Pick<RedisServer, "command">) => Promise<void>;

const PLAYS: Readonly<Record<"source" | "dedupe" | "sticky" | "outbox" | "definitions", Play>> = {
  async source(fleet, server) {
    const client = createClient({ source: fleet, diagnostics: SILENT });
    await client.waitForInitialization({ timeoutMs: 5_000 });
    await until(() => fleet.status.pubsub === "on" && fleet.status.role === "leader");
    await server.command("DEL", CONFIG);
    await until(() => fleet.status.counters.restores + fleet.status.counters.publishes > 1);
    expect((await client.refresh({ timeoutMs: 5_000 })).outcome).not.toBe("failed");
    await client.close();
  },
  async dedupe(fleet) {
    const subjects = new Set<string>();
    const logger = fleet.dedupe({ logAssignment: ({ subject }) => void subjects.add(subject) });
    // Without a connection, it would log without asking Redis.
    await until(() => fleet.status.redis === "ready");
    for (const subject of ["a", "b", "a"]) logger.logAssignment(assignment(subject));
    expect(await logger.flush({ timeoutMs: 5_000 })).toMatchObject({ ok: true });
    expect([...subjects].sort()).toEqual(["a", "b"]);
    expect(fleet.status.counters.dedupe).toMatchObject({ suppressed: 1, unasked: 0 });
    await logger.close({ timeoutMs: 1_000 });
  },
  async sticky(fleet) {
    const buckets = fleet.stickyBuckets();
    const document = {
      attributeName: "id",
      attributeValue: "1",
      assignments: { checkout__0: "on" },
    };
    await buckets.saveAssignments(document);
    expect(await buckets.flush({ timeoutMs: 5_000 })).toBe(true);
    await buckets.close();
    const others = fleet.stickyBuckets();
    expect(await others.getAllAssignments({ id: "1" })).toEqual({ "id||1": document });
    await others.close();
  },
  async outbox(fleet) {
    const delivered: string[] = [];
    const inner: AssignmentLogger = {
      async logAssignment({ subject }) {
        if (subject === "poison") throw new Error("poison");
        delivered.push(subject);
      },
    };
    const logger = fleet.outbox(inner, { minIdleMs: 1_000, maxDeliveries: 1, flushMs: 10 });
    for (const subject of ["a", "poison", "b"]) logger.logAssignment(assignment(subject));
    expect(await logger.flush({ timeoutMs: 5_000 })).toMatchObject({ ok: true });
    await until(() => fleet.status.counters.outbox.dead === 1 && delivered.length >= 2);
    await logger.close({ timeoutMs: 1_000 });
  },
  async definitions(fleet) {
    const cache = fleet.flagDefinitionCache<{
      flags: unknown[];
      groupTypeMapping: object;
      cohorts: object;
    }>();
    expect(await cache.shouldFetchFlagDefinitions()).toBe(true);
    const data = { flags: [{ key: "a" }], groupTypeMapping: {}, cohorts: {} };
    await cache.onFlagDefinitionsReceived(data);
    expect(await cache.getFlagDefinitions()).toEqual(data);
    const other = fleet.flagDefinitionCache<typeof data>();
    expect(await other.shouldFetchFlagDefinitions()).toBe(false);
    expect(await other.getFlagDefinitions()).toEqual(data);
    await Promise.all([cache.shutdown(), other.shutdown()]);
  },
};

describe.skipIf(!hasRedis)("the permissions that the guide prints", () => {
  it("are enough for all uses together on a Cluster, which send no other command", async () => {
    await using cluster = await startCluster();
    const uses = ["source", "dedupe", "sticky", "outbox", "definitions"] as const;
    for (const node of cluster.nodes) await userFor(node, [...uses, "cluster"]);
    const monitors = await Promise.all(cluster.nodes.map((node) => node.monitor()));
    const nodes = cluster.nodes.map(({ host, port }) => ({ host, port }));
    const create: RedisFleetOptions["redis"] = (overrides) =>
      new Cluster(nodes, {
        ...overrides,
        redisOptions: { ...overrides.redisOptions, username: "worker", password: "secret" },
      });
    const owner = cluster.nodes[await cluster.ownerOf(CONFIG)];
    if (owner === undefined) throw new Error("no node has the slot");
    const origin = partsOrigin(16);
    const fleet = redis(timed({ redis: create, namespace: NAMESPACE, origin, ...TIMINGS }));
    for (const use of uses) await PLAYS[use](fleet, owner);
    expect(fleet.status.counters.redisErrors).toEqual({});
    await fleet.close();
    for (const monitor of monitors) {
      await monitor.stop();
      expect(forbidden(monitor, [...uses, "cluster"])).toEqual([]);
    }
  });
});

async function userFor(server: RedisServer, uses: readonly AclUse[]): Promise<void> {
  await server.command("ACL", "SETUSER", "worker", "reset", "on", ">secret", ...aclRules(uses));
}

/** Returns commands sent by clients or scripts without permission. */
function forbidden(monitor: Monitor, uses: readonly AclUse[]): readonly string[] {
  const allowed = aclCommands(uses).map((command) => command.replace(/\|.*/, ""));
  // Commands of the test itself, and those that the nodes of a cluster send each other.
  const own = /"(?:MONITOR|ACL|CLUSTER|PING)"|"DEL" "sortition:\{rights-abababababab\}:v1:config"/;
  const lines = monitor.lines.filter((line) => !own.test(line));
  const sent = lines.map((line) => /"(\w+)"/.exec(line)?.[1]?.toLowerCase() ?? "");
  return [...new Set(sent)].filter((name) => !allowed.includes(name));
}

async function until(isReached: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 200_000;
  while (!isReached()) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain: ${isReached}`);
    await sleep(10);
  }
}
