import type { AssignmentLogger, ConfigurationOrigin } from "@sortition/core/internal";
import { httpOrigin } from "@sortition/node";
import { isInPart } from "@sortition/test-kit";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type RedisFleet, redis } from "../../src/index.js";
import { moveOutbox, readFleetStatus } from "../../src/status.js";
import { assignment } from "../support/events.js";
import { FleetWorld, type Member, until, Vendor } from "../worker/fleet-world.js";

const COUNT = 200;
const NAMESPACE = "shop-production";
/** If the last consumer of an outbox ended without leaving it, as on a busy machine, the outbox is reported a minute later. */
const PATIENCE = { timeout: 150_000 };
const USERS = Array.from({ length: COUNT }, (_, i) => `user-${i}`);

const FORMER = httpOrigin({ apiKey: "former", baseUrl: "https://flags.example" });
const CHANGES: readonly { readonly what: string; readonly origin: ConfigurationOrigin }[] = [
  {
    what: "a rotated key",
    origin: httpOrigin({ apiKey: "new", baseUrl: "https://flags.example" }),
  },
  { what: "another host", origin: httpOrigin({ apiKey: "former", baseUrl: "https://eu.example" }) },
];

/** A logger whose service is down. */
const DOWN: AssignmentLogger = {
  async logAssignment() {
    throw new Error("down");
  },
};

function recorder(): AssignmentLogger & { readonly subjects: string[] } {
  const subjects: string[] = [];
  return { subjects, logAssignment: ({ subject }) => void subjects.push(subject) };
}

describe.skipIf(!hasRedis)("a namespace", () => {
  let server: RedisServer;
  const fleets: RedisFleet[] = [];
  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(() => server.command("FLUSHALL"));
  afterEach(async () => {
    await Promise.all(fleets.splice(0).map((fleet) => fleet.close()));
  });
  afterAll(() => server.close());

  /** Starts a process of the fleet. */
  function join(
    origin: ConfigurationOrigin,
    options: Partial<Parameters<typeof redis>[0]> = {},
  ): RedisFleet {
    const fleet = redis({ redis: server.url, namespace: NAMESPACE, origin, ...options });
    fleets.push(fleet);
    return fleet;
  }

  /** Stores exposures while their service is down, and ends. */
  async function store(name: string): Promise<void> {
    const fleet = join(FORMER);
    const outbox = fleet.outbox(DOWN, { name });
    for (const user of USERS) outbox.logAssignment(assignment(user));
    expect(await outbox.flush({ timeoutMs: 20_000 })).toMatchObject({ ok: true });
    expect(await outbox.stored()).toBe(COUNT);
    await fleet.close();
  }

  it.each(CHANGES.filter((_, i) => isInPart(i)))(
    "keeps the exposures in Redis after $what: 200 of 200 arrive",
    async ({ origin }) => {
      await store("segment");
      const logger = recorder();
      const outbox = join(origin).outbox(logger, { name: "segment" });
      await vi.waitFor(() => expect(new Set(logger.subjects).size).toBe(COUNT), PATIENCE);
      await expect.poll(() => outbox.stored()).toBe(0);
      expect([...new Set(logger.subjects)].sort()).toEqual([...USERS].sort());
    },
  );

  it("tells the name and the length of a former logger's outbox, and the command that moves it", async () => {
    await store("segment");
    const busy = join(FORMER).outbox(DOWN, { name: "busy" });
    for (const user of ["a", "b"]) busy.logAssignment(assignment(user));
    await vi.waitFor(() => expect(busy.stats().consumer.failing).toBe(true), PATIENCE);
    const single = join(FORMER).outbox(DOWN, { name: "single", deliver: false });
    single.logAssignment(assignment("alice"));
    expect(await single.flush({ timeoutMs: 20_000 })).toMatchObject({ ok: true });
    const warn = vi.fn();
    const diagnostics = { debug() {}, info() {}, warn, error() {} };
    const logger = recorder();
    // A consumer looks for other outboxes at its second claim.
    const outbox = join(FORMER, { diagnostics }).outbox(logger, {
      name: "events",
      minIdleMs: 1_000,
    });
    const command = `sortition redis move --namespace ${NAMESPACE} --outbox segment --to-outbox events`;
    const facts = { outbox: "segment", count: COUNT, command };
    await vi.waitFor(
      () => expect(warn).toHaveBeenCalledWith("no process delivers an outbox", facts),
      PATIENCE,
    );
    const { outboxes } = await readFleetStatus({ redis: server.url, namespace: NAMESPACE });
    expect(outboxes).toMatchObject([
      { name: "busy", length: 2, consumers: 1 },
      { name: "segment", length: COUNT, consumers: 0 },
      { name: "single", length: 1, consumers: 0 },
    ]);
    const singleFacts = expect.objectContaining({ outbox: "single", count: 1 });
    await vi.waitFor(
      () => expect(warn).toHaveBeenCalledWith("no process delivers an outbox", singleFacts),
      PATIENCE,
    );
    const busyFacts = expect.objectContaining({ outbox: "busy" });
    expect(warn).not.toHaveBeenCalledWith("no process delivers an outbox", busyFacts);
    const from = { namespace: NAMESPACE, name: "segment" };
    const to = { namespace: NAMESPACE, name: "events" };
    expect(await moveOutbox({ redis: server.url, from, to })).toBe(COUNT);
    await vi.waitFor(() => expect(new Set(logger.subjects).size).toBe(COUNT), PATIENCE);
    await expect.poll(() => outbox.stored()).toBe(0);
  });

  const others = CHANGES.filter((_, i) => isInPart(i, 1));

  it.each(others)("keeps sticky assignments and deduplication after $what", async ({ origin }) => {
    const former = join(FORMER);
    const buckets = former.stickyBuckets();
    const dedupe = former.dedupe(recorder());
    for (const user of USERS) {
      const document = { attributeName: "id", attributeValue: user, assignments: { exp__0: "on" } };
      void buckets.saveAssignments(document);
      dedupe.logAssignment(assignment(user));
    }
    expect(await buckets.flush({ timeoutMs: 20_000 })).toBe(true);
    expect(await dedupe.flush({ timeoutMs: 20_000 })).toMatchObject({ ok: true });
    await former.close();

    const next = join(origin);
    const [logger, others] = [recorder(), next.stickyBuckets()];
    const again = next.dedupe(logger);
    await until(() => next.status.redis === "ready");
    const found = await Promise.all(USERS.map((user) => others.getAssignments("id", user)));
    expect(found.filter((it) => it?.assignments["exp__0"] === "on")).toHaveLength(COUNT);
    for (const user of [...USERS, "somebody"]) again.logAssignment(assignment(user));
    expect(await again.flush({ timeoutMs: 20_000 })).toMatchObject({ ok: true });
    expect(logger.subjects).toEqual(["somebody"]);
  });

  it.each(["dedupe", "outbox", "stickyBuckets"] as const)("is required for fleet.%s", (use) => {
    const fleet = join(FORMER, { namespace: undefined });
    const create = {
      dedupe: fleet.dedupe,
      outbox: fleet.outbox,
      stickyBuckets: fleet.stickyBuckets,
    };
    expect(() => create[use](DOWN as never)).toThrow(
      `namespace: fleet.${use} needs a name that you choose, such as \`shop-production\``,
    );
  });

  describe("of two sources", () => {
    /** Starts two fleets, and makes their sources as old as given. */
    async function startBoth(minutes: number): Promise<readonly Member[]> {
      const worlds = [new FleetWorld(server), new FleetWorld(server, new Vendor())];
      const members = worlds.map((world) => world.join({ namespace: NAMESPACE }));
      fleets.push(...members.map(({ fleet }) => fleet));
      await Promise.all(members.map(({ client }) => client.waitForInitialization()));
      const key = `sortition:{${NAMESPACE}}:v1:sources`;
      await expect.poll(() => server.command("HLEN", key)).toBe(2);
      expect(await health()).toBe("healthy");
      const fields = (await server.command("HGETALL", key)) as readonly string[];
      for (let i = 0; i < fields.length; i += 2) {
        const [since, seen] = String(fields[i + 1])
          .split(" ")
          .map(Number) as [number, number];
        await server.command("HSET", key, String(fields[i]), `${since - minutes * 60_000} ${seen}`);
      }
      // Each process notes its source when it is connected again.
      const before = await server.command("HVALS", key);
      await server.command("CLIENT", "KILL", "TYPE", "normal");
      const isOld = async (): Promise<boolean> => {
        const values = (await server.command("HVALS", key)) as readonly string[];
        return values.some((value) => (before as readonly string[]).includes(value));
      };
      await expect.poll(isOld, PATIENCE).toBe(false);
      return members;
    }

    const health = async () =>
      (await readFleetStatus({ redis: server.url, namespace: NAMESPACE })).health;

    it("is an error of both fleets and of `redis status` after ten minutes", async () => {
      const members = await startBoth(11);
      const code = "SORTITION_REDIS_NAMESPACE_CONFLICT";
      for (const { fleet, messages } of members) {
        await until(() => fleet.status.lastError?.code === code);
        expect(fleet.status.lastError?.message).toContain(
          "Give each environment its own namespace",
        );
        expect(messages).toContain("two sources use the namespace");
      }
      expect(await health()).toBe("mixed");
      await Promise.all(members.map(({ client }) => client.close()));
    });

    it("is none during a rolling deployment", async () => {
      const members = await startBoth(9);
      const { sources } = await readFleetStatus({ redis: server.url, namespace: NAMESPACE });
      expect(sources.map(({ isAlive }) => isAlive)).toEqual([true, true]);
      expect(await health()).toBe("healthy");
      for (const { fleet, messages } of members) {
        await until(() => fleet.status.redis === "ready");
        expect(fleet.status.lastError?.code).not.toBe("SORTITION_REDIS_NAMESPACE_CONFLICT");
        expect(messages).not.toContain("two sources use the namespace");
      }
      await Promise.all(members.map(({ client }) => client.close()));
    });
  });
});
