import { claimReceipt } from "@sortition/core/internal";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type RedisFleet, redis } from "../../src/index.js";
import { ACL, type AclUse, aclRules } from "../acl.js";
import { KEYS } from "../key-table.js";
import { assignment } from "../support/events.js";

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
      for (const subject of ["a", "a", "b", "lost"]) dedupe.logAssignment(assignment(subject));
      expect(await dedupe.close()).toMatchObject({ ok: true });
      expect(ids).toEqual(["id-a", "id-b"]);
      expect(dedupe.stats()).toMatchObject({ asked: 4, unasked: 0 });
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
