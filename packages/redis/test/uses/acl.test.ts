import { claimReceipt } from "@sortition/core/internal";
import { createClient } from "@sortition/node";
import { isWhole } from "@sortition/test-kit";
import { hasRedis, type RedisServer, startCluster, startRedis } from "@sortition/test-kit/redis";
import { Cluster } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type RedisFleet, redis } from "../../src/index.js";
import { ACL, type AclUse, aclCommands, aclRules } from "../acl.js";
import { KEYS } from "../key-table.js";
import { partsOrigin } from "../load/parts-origin.js";
import { assignment } from "../support/events.js";
import { timed } from "../support/timed.js";

const PATIENCE = { timeout: 200_000 };
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
/** Enough that their keys are in all slots that a use has. */
const MANY: readonly string[] = Array.from({ length: 100 }, (_, i) => `${i}`);

/** All commands of each use. */
const USES: readonly (readonly [
  AclUse,
  (fleet: RedisFleet, server: RedisServer) => Promise<void>,
])[] = [
  [
    "dedupe",
    async (fleet) => {
      const ids: string[] = [];
      const dedupe = fleet.dedupe({
        logAssignment({ messageId, subject }) {
          if (subject === "lost") claimReceipt()?.settle("dropped");
          else ids.push(messageId);
        },
      });
      // Without a connection, it would log without asking Redis.
      await expect.poll(() => fleet.status.redis, PATIENCE).toBe("ready");
      for (const subject of [...MANY, ...MANY, "lost"]) dedupe.logAssignment(assignment(subject));
      expect(await dedupe.close()).toMatchObject({ ok: true });
      expect(ids.toSorted()).toEqual(MANY.map((it) => `id-${it}`).toSorted());
      expect(dedupe.stats()).toMatchObject({ asked: 201, suppressed: 100, unasked: 0 });
    },
  ],
  [
    "sticky",
    async (fleet) => {
      const store = fleet.stickyBuckets();
      const alice = { attributeName: "id", attributeValue: "alice" };
      await store.saveAssignments({ ...alice, assignments: { a__0: "1" } });
      await store.saveAssignments({ ...alice, assignments: { a__0: "2" } });
      await store.getAllAssignments({ id: "alice" });
      await store.saveAssignments({ ...alice, assignments: { b__0: "1" } });
      const document = await store.getAssignments("id", "alice");
      expect(document?.assignments).toEqual({ a__0: "1", b__0: "1" });
      const attributes = Object.fromEntries(MANY.map((it) => [`id${it}`, it]));
      await store.getAllAssignments(attributes);
      for (const [attributeName, attributeValue] of Object.entries(attributes)) {
        void store.saveAssignments({ attributeName, attributeValue, assignments: { a__0: "1" } });
      }
      expect(await store.flush({ timeoutMs: 20_000 })).toBe(true);
      expect(Object.keys(await store.getAllAssignments(attributes))).toHaveLength(MANY.length);
      await store.close();
    },
  ],
  [
    "outbox",
    async (fleet) => {
      const ids: string[] = [];
      let isDown = true;
      const outbox = fleet.outbox(
        {
          async logAssignment({ messageId, subject }) {
            if (isDown || subject === "poison") throw new Error("no");
            ids.push(messageId);
          },
        },
        { flushMs: 5, minIdleMs: 1_000, maxDeliveries: 1 },
      );
      for (const subject of ["a", "poison", "b"]) outbox.logAssignment(assignment(subject));
      await vi.waitFor(() => expect(outbox.stats().consumer.failing).toBe(true), 200_000);
      isDown = false;
      await vi.waitFor(() => expect(outbox.stats().consumer).toMatchObject({ dead: 1 }), 200_000);
      expect(ids.toSorted()).toEqual(["id-a", "id-b"]);
      expect(await outbox.close()).toMatchObject({ ok: true });
    },
  ],
  [
    "definitions",
    async (fleet, server) => {
      const cache = fleet.flagDefinitionCache<{ flags: { key: string }[] }>();
      expect(await cache.shouldFetchFlagDefinitions()).toBe(true);
      await cache.onFlagDefinitionsReceived({ flags: [{ key: "a" }] });
      expect(await cache.shouldFetchFlagDefinitions()).toBe(false);
      expect(await cache.getFlagDefinitions()).toEqual({ flags: [{ key: "a" }] });
      // Stored by another version, with a field that this one does not know.
      const config = "sortition:{definitions}:v1:definitions:config";
      await server.command("HSET", config, "sha", "another", "unknown", "1");
      await server.command("DEL", "sortition:{definitions}:v1:definitions:gate");
      expect(await cache.shouldFetchFlagDefinitions()).toBe(true);
      await cache.onFlagDefinitionsReceived({ flags: [{ key: "a" }] });
      expect(await server.command("HEXISTS", config, "unknown")).toBe(0);
      await cache.shutdown();
      const other = fleet.flagDefinitionCache<{ flags: { key: string }[] }>();
      expect(await other.getFlagDefinitions()).toEqual({ flags: [{ key: "a" }] });
      await server.command("FLUSHALL");
      // Restores what Redis has lost, and then lets another process fetch.
      expect(await other.shouldFetchFlagDefinitions()).toBe(true);
      await other.shutdown();
    },
  ],
];

describe.skipIf(!hasRedis)("the permissions of each use", () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.close());

  it.each(USES)(
    "%s needs all permissions that the guide prints, and no others",
    async (use, run) => {
      const rules = ["reset", "on", ">secret", ...aclRules([use])];
      await server.command("ACL", "SETUSER", use, ...rules);
      await server.command("ACL", "LOG", "RESET");
      const reports: unknown[] = [];
      const note = (...report: unknown[]): void => void reports.push(report);
      const fleet = redis({
        redis: server.url.replace("redis://", `redis://${use}:secret@`),
        namespace: use,
        diagnostics: { debug() {}, info() {}, warn: note, error() {} },
      });
      await server.command("CONFIG", "RESETSTAT");
      await run(fleet, server);
      await fleet.close();
      const used = String(await server.command("INFO", "commandstats")).matchAll(
        /cmdstat_([^:]+):/g,
      );
      const commands = Array.from(used, ([, command = ""]) => command);
      const isUsed = (right: string): boolean =>
        commands.some((command) => command === right || command.startsWith(`${right}|`));
      expect(ACL[use].commands.filter((right) => !isUsed(right))).toEqual([]);
      expect(await server.command("ACL", "LOG")).toEqual([]);
      for (const key of (await server.command("KEYS", "*")) as readonly string[]) {
        const named = (end: string) => new RegExp(`:v1:(definitions:)?${end.replace("…", ".+")}$`);
        const row = KEYS.find(([ends]) => ends.split(", ").some((it) => named(it).test(key)));
        const expires = Number(await server.command("PTTL", key)) >= 0;
        const type = await server.command("TYPE", key);
        expect([key, row?.[1], row?.[2] !== null]).toEqual([key, type, expires]);
      }
      // The logger of the outbox is down for a while, which is reported at its start and end.
      expect(reports).toHaveLength(use === "outbox" ? 2 : 0);
    },
  );
});

/** All commands of the shared configuration. */
async function share(fleet: RedisFleet, owner: RedisServer, config: string): Promise<void> {
  const client = createClient({ source: fleet, diagnostics: SILENT });
  await client.waitForInitialization({ timeoutMs: 20_000 });
  await expect.poll(() => fleet.status, PATIENCE).toMatchObject({ pubsub: "on", role: "leader" });
  await owner.command("DEL", config);
  const written = () => fleet.status.counters.restores + fleet.status.counters.publishes;
  await expect.poll(written, PATIENCE).toBeGreaterThan(1);
  expect((await client.refresh({ timeoutMs: 20_000 })).outcome).not.toBe("failed");
  await client.close();
}

describe.skipIf(!hasRedis)("the permissions that the guide prints", () => {
  it.runIf(isWhole)(
    "are enough for all uses on a Cluster, which send no other command",
    async () => {
      await using cluster = await startCluster();
      const uses: readonly AclUse[] = ["cluster", "source", ...USES.map(([use]) => use)];
      const rules = ["reset", "on", ">secret", ...aclRules(uses)];
      for (const node of cluster.nodes) await node.command("ACL", "SETUSER", "worker", ...rules);
      const monitors = await Promise.all(cluster.nodes.map((node) => node.monitor()));
      const nodes = cluster.nodes.map(({ host, port }) => ({ host, port }));
      const ownerOf = async (key: string): Promise<RedisServer> =>
        cluster.nodes[await cluster.ownerOf(key)] as RedisServer; // all slots have an owner
      const open = (namespace: string, more: object = {}): RedisFleet =>
        redis(
          timed({
            redis: (overrides) =>
              new Cluster(nodes, {
                ...overrides,
                redisOptions: { ...overrides.redisOptions, username: "worker", password: "secret" },
              }),
            ...{ namespace, pollIntervalMs: 4_000, commandTimeoutMs: 600, ...more },
          }),
        );
      const play = async (fleet: RedisFleet, run: () => Promise<void>): Promise<void> => {
        await run();
        expect(fleet.status.counters.redisErrors).toEqual({});
        await fleet.close();
      };
      const origin = partsOrigin(16);
      const config = `sortition:{source-${origin.scope.slice(0, 12)}}:v1:config`;
      const source = open("source", { origin });
      await play(source, async () => share(source, await ownerOf(config), config));
      for (const [use, run] of USES) {
        const fleet = open(use);
        await play(fleet, async () => run(fleet, await ownerOf(`sortition:{${use}}:v1`)));
      }
      const allowed = aclCommands(uses).map((command) => command.replace(/\|.*/, ""));
      // Commands of the test itself, and those that the nodes of a Cluster send each other.
      const own = /"(?:MONITOR|ACL|CLUSTER|PING|FLUSHALL)"/;
      for (const monitor of monitors) {
        await monitor.stop();
        const sent = monitor.lines.filter((line) => !own.test(line));
        const names = sent.map((line) => /"(\w+)"/.exec(line)?.[1]?.toLowerCase() ?? "");
        expect([...new Set(names)].filter((name) => !allowed.includes(name))).toEqual([]);
      }
    },
  );
});
