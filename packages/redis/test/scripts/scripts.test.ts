import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Content } from "../../src/codec/content.js";
import {
  type Protocol,
  type Publication,
  type Settlement,
  WANT,
  type WriteReply,
} from "../../src/worker/protocol.js";
import type { Tick } from "../../src/worker/replies.js";
import { contentFrom, createScriptWorld, publishingOf, type ScriptWorld } from "./fixture.js";

describe.skipIf(!hasRedis)("the scripts of the shared source", () => {
  let server: RedisServer;
  let world: ScriptWorld;
  let a: Protocol;
  let b: Protocol;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    await server.command("FLUSHALL");
    world = await createScriptWorld(server);
    a = world.worker("a");
    b = world.worker("b");
  });
  afterEach(() => world.close());

  function tick(
    worker: Protocol,
    look: Partial<Parameters<Protocol["tick"]>[0]> = {},
  ): Promise<Tick> {
    return worker.tick({
      isEligible: true,
      known: 0,
      contentFence: "0",
      want: WANT.pollIfDue,
      ...look,
    });
  }

  function settle(
    worker: Protocol,
    n: string,
    content: Content,
    changes: Partial<Settlement> = {},
  ): Promise<WriteReply> {
    return worker.settle({
      n,
      sha: content.sha,
      known: 0,
      outcome: "ok",
      status: 200,
      failures: 0,
      gateMs: 30_000,
      attemptMs: 0,
      isRepair: false,
      publication: publishingOf(content).question,
      ...changes,
    });
  }

  /** Settles with all requested parts. */
  async function publish(
    worker: Protocol,
    n: string,
    content: Content,
    changes: Partial<Settlement> = {},
  ): Promise<{ readonly revision: number; readonly bodies: readonly string[][] }> {
    const bodies: string[][] = [];
    let publication: Publication = publishingOf(content).question;
    for (;;) {
      const reply = await settle(worker, n, content, { ...changes, publication });
      if (reply.kind !== "body") return { revision: reply.revision, bodies };
      bodies.push([...reply.names]);
      publication = await publishingOf(content).give(reply.names);
    }
  }

  async function lead(worker: Protocol): Promise<string> {
    return (await tick(worker)).n;
  }

  /** Ends the lease, as if it had expired. */
  const expireLease = (): Promise<unknown> => server.command("DEL", world.key("lease"));

  const fields = async (): Promise<unknown[]> =>
    ((await server.command("HKEYS", world.key("config"))) as unknown[]).sort();

  describe("report", () => {
    it("is found by the leader's ticks, once per report", async () => {
      const n = await lead(a);
      const { revision } = await publish(a, n, await contentFrom({ flags: "1" }));
      expect(await tick(a)).toMatchObject({ damage: "" });
      await b.reportDamage(revision);
      const { damage } = await tick(a);
      expect(damage).toMatch(new RegExp(`^${revision}@\\d+$`));
      await expect
        .poll(async () => {
          await b.reportDamage(revision);
          return (await tick(a)).damage;
        })
        .not.toBe(damage);
    });

    it("is not stored for a revision that is not in Redis", async () => {
      const n = await lead(a);
      const { revision } = await publish(a, n, await contentFrom({ flags: "1" }));
      await b.reportDamage(revision - 1);
      expect(await tick(a)).toMatchObject({ damage: "" });
    });
  });

  describe("tick", () => {
    it("gives the lease and a poll to the first worker only", async () => {
      expect(await tick(a)).toMatchObject({ isHeld: true, mustPoll: true, leader: "a" });
      expect(await tick(b)).toMatchObject({ isHeld: false, mustPoll: false, leader: "a" });
    });

    it("writes nothing for a follower", async () => {
      await lead(a);
      await server.command("SCRIPT", "FLUSH");
      const before = await server.command("INFO", "replication");
      const offset = /master_repl_offset:(\d+)/;
      await tick(b);
      const after = await server.command("INFO", "replication");
      expect(offset.exec(`${after}`)?.[1]).toBe(offset.exec(`${before}`)?.[1]);
    });

    it("gives nothing to a worker that is not eligible", async () => {
      expect(await tick(a, { isEligible: false })).toMatchObject({ isHeld: false, leader: "" });
    });

    it("keeps the number of a leader if no other worker has led in between", async () => {
      const n = await lead(a);
      await expireLease();
      expect(await lead(a)).toBe(n);
    });

    it("raises the number if another worker has led in between", async () => {
      const n = await lead(a);
      await expireLease();
      const second = await lead(b);
      await expireLease();
      const third = await lead(a);
      expect(Number(second)).toBeGreaterThan(Number(n));
      expect(Number(third)).toBeGreaterThan(Number(second));
    });

    it("raises the number if a promoted replica does not know that another worker has led", async () => {
      const n = await lead(a);
      const contentFence = `${Number(n) + 5_000}`;
      const tickAgain = () => tick(a, { contentFence });
      const { n: next } = await tickAgain();
      expect(Number(next)).toBeGreaterThan(Number(contentFence));
      expect((await tickAgain()).n).toBe(next);
    });

    it("raises the number above all that the worker has had, even after a flush", async () => {
      await server.command("FLUSHALL");
      const known = Date.now() + 3_600_000;
      expect((await tick(a, { known })).n).toBe(`${known + 1}`);
    });

    it("does not let a claim delay a leader", async () => {
      await lead(a);
      expect(await server.command("GET", world.key("gate"))).toBe("c:a.random");
      await expireLease();
      expect(await tick(b)).toMatchObject({ isHeld: true, mustPoll: true });
    });

    it("delays polls while the gate is closed, except requested polls after a second", async () => {
      const n = await lead(a);
      await publish(a, n, await contentFrom({ flags: "1" }));
      expect(await tick(a)).toMatchObject({ mustPoll: false });
      expect(await tick(a, { want: WANT.pollNow })).toMatchObject({ mustPoll: false });
      const at = Number(await server.command("HGET", world.key("poll"), "at"));
      await server.command("HSET", world.key("poll"), "at", `${at - 1_000}`);
      expect(await tick(a, { want: WANT.pollNow })).toMatchObject({ mustPoll: true });
    });

    it("delays only the worker that failed if the gate is its own", async () => {
      const n = await lead(a);
      const content = await contentFrom({ flags: "1" });
      await settle(a, n, content, { outcome: "origin-error", failures: 1, isGateOwn: true });
      expect(await tick(a)).toMatchObject({ isHeld: true, mustPoll: false });
      await a.release();
      expect(await tick(b)).toMatchObject({ isHeld: true, mustPoll: true });
    });

    it("moves the due time with the claim, and renews both", async () => {
      await lead(a);
      const first = await tick(b);
      expect(first.overdueMs).toBeLessThan(0);
      await server.command("PEXPIRE", world.key("gate"), "2000");
      await server.command("HSET", world.key("poll"), "due", "1");
      const renewed = await tick(a, { want: WANT.renewClaim });
      expect(renewed.mustPoll).toBe(false);
      expect(renewed.gateMs).toBeGreaterThan(2_000);
      expect(renewed.overdueMs).toBeLessThan(0);
    });

    it("takes no lease in a namespace of another origin", async () => {
      const n = await lead(a);
      await publish(a, n, await contentFrom({ flags: "1" }));
      await expireLease();
      const stranger = world.worker("c", "ffff");
      expect(await tick(stranger)).toMatchObject({ isHeld: false, scope: "0123456789abcdef" });
      expect(await server.command("EXISTS", world.key("lease"))).toBe(0);
    });

    it("works for a leader when Redis is out of memory", async () => {
      await lead(a);
      await server.command("CONFIG", "SET", "maxmemory", "1");
      try {
        expect(await tick(a, { want: WANT.renewClaim })).toMatchObject({ isHeld: true });
        await expect(settle(a, "1", await contentFrom({ flags: "1" }))).resolves.toMatchObject({
          kind: "fenced",
        });
        const { n } = await tick(a);
        await expect(publish(a, n, await contentFrom({ flags: "1" }))).rejects.toMatchObject({
          code: "SORTITION_REDIS_OOM",
        });
      } finally {
        await server.command("CONFIG", "SET", "maxmemory", "0");
      }
    });
  });

  describe("settle", () => {
    it("is refused if another worker has led since the start of the poll", async () => {
      const n = await lead(a);
      await expireLease();
      await lead(b);
      const late = await settle(a, n, await contentFrom({ flags: "old" }));
      expect(late.kind).toBe("fenced");
      expect(await server.command("EXISTS", world.key("config"))).toBe(0);
    });

    it("is refused if another owner has the same number", async () => {
      const n = await lead(a);
      await server.command("HSET", world.key("fence"), "owner", "b.random");
      expect((await settle(a, n, await contentFrom({ flags: "1" }))).kind).toBe("fenced");
    });

    it("is accepted if the lease has expired and no worker has taken it", async () => {
      const n = await lead(a);
      await expireLease();
      const { revision } = await publish(a, n, await contentFrom({ flags: "1" }));
      expect(revision).toBeGreaterThan(0);
    });

    it("requests only the parts that differ", async () => {
      const n = await lead(a);
      const first = await publish(a, n, await contentFrom({ flags: "1", cohort: "big" }));
      const second = await publish(a, n, await contentFrom({ flags: "2", cohort: "big" }));
      expect(first.bodies).toEqual([["flags", "cohort"]]);
      expect(second.bodies).toEqual([["flags"]]);
      expect(second.revision).toBeGreaterThan(first.revision);
    });

    it("requests a part whose bytes are missing, although its hash is stored", async () => {
      const n = await lead(a);
      await publish(a, n, await contentFrom({ flags: "1", cohort: "big" }));
      await server.command("HDEL", world.key("config"), "part:cohort");
      const { bodies } = await publish(a, n, await contentFrom({ flags: "2", cohort: "big" }));
      expect(bodies).toEqual([["flags", "cohort"]]);
    });

    it("also names parts that were given if others are missing", async () => {
      const n = await lead(a);
      const content = await contentFrom({ flags: "1", cohort: "big" });
      const publication = await publishingOf(content).give(["flags"]);
      const reply = await settle(a, n, content, { publication });
      expect(reply).toEqual({ kind: "body", names: ["flags", "cohort"] });
      expect(await server.command("EXISTS", world.key("config"))).toBe(0);
    });

    it("treats equal content as the same, and requests all of it for a repair", async () => {
      const n = await lead(a);
      const content = await contentFrom({ flags: "1", cohort: "big" });
      const { revision } = await publish(a, n, content);
      expect(await settle(a, n, content)).toEqual({ kind: "same", revision });
      const repaired = await publish(a, n, content, { isRepair: true });
      expect(repaired.bodies).toEqual([["flags", "cohort"]]);
      expect(repaired.revision).toBeGreaterThan(revision);
    });

    it("removes unknown fields, and those of removed parts", async () => {
      const n = await lead(a);
      await publish(a, n, await contentFrom({ flags: "1", cohort: "big" }));
      await server.command("HSET", world.key("config"), "later", "x");
      await publish(a, n, await contentFrom({ flags: "2" }));
      expect(await fields()).toEqual(
        [
          ...["by", "dialect", "enc:flags", "etag:flags", "fence", "fetched:flags", "fmt"],
          ...["omitted", "part:flags", "parts", "rev", "scope", "sha", "sha:flags", "size:flags"],
        ].sort(),
      );
    });

    it.each([false, true])(
      "stores with a part that its origin has a stream (plain reads: %s)",
      async (isPlain) => {
        const n = await lead(a);
        const { payloads, ...content } = await contentFrom({ flags: "1", cohort: "big" });
        const offered = payloads.map((it) =>
          it.part === "flags" ? { ...it, hasStream: true } : it,
        );
        await publish(a, n, { ...content, payloads: offered });
        const stored = await b.read(new Map(), isPlain);
        const marks = stored?.parts.map(({ hasStream, name }) => [name, hasStream]);
        expect(marks).toEqual([
          ["flags", true],
          ["cohort", false],
        ]);
      },
    );

    it("publishes a thousand parts", async () => {
      const n = await lead(a);
      const parts = Object.fromEntries(
        Array.from({ length: 1_000 }, (_, i) => [`cohort:${i}`, `${i}`]),
      );
      await publish(a, n, await contentFrom(parts));
      const stored = await b.read(new Map(), false);
      expect(stored?.parts).toHaveLength(1_000);
      expect(stored?.parts[999]).toMatchObject({ name: "cohort:999", encoding: "raw" });
      await publish(a, n, await contentFrom({ flags: "1" }));
      expect(await fields()).toHaveLength(15);
    });

    it("records a failure, and keeps the configuration", async () => {
      const n = await lead(a);
      const content = await contentFrom({ flags: "1" });
      const { revision } = await publish(a, n, content);
      const failed = { outcome: "origin-error", status: 503, failures: 2, gateMs: 4_000 } as const;
      expect(await settle(a, n, content, failed)).toEqual({ kind: "same", revision });
      const seen = await tick(b);
      expect(seen).toMatchObject({ outcome: "origin-error", status: 503, failures: 2, revision });
      expect(seen.overdueMs).toBeLessThan(0);
      expect(seen.okAgeMs).not.toBeNull();
    });

    it("includes the duration of the attempt in the age", async () => {
      const n = await lead(a);
      await publish(a, n, await contentFrom({ flags: "1" }), { attemptMs: 7_000 });
      expect((await tick(b)).okAgeMs).toBeGreaterThanOrEqual(7_000);
    });
  });

  describe("read", () => {
    it("sends only the parts that the reader lacks", async () => {
      const n = await lead(a);
      const content = await contentFrom({ flags: "1", cohort: "x".repeat(20_000) });
      await publish(a, n, content);
      const held = new Map([["cohort", content.hashes.get("cohort") ?? ""]]);
      const stored = await b.read(held, false);
      expect(stored).toMatchObject({ sha: content.sha, format: "1", fence: n });
      expect(stored?.parts).toMatchObject([
        { name: "flags", etag: '"1"', fetchedAtMs: 5, encoding: "raw", bytes: Buffer.from("1") },
        { name: "cohort", encoding: null, bytes: null },
      ]);
    });

    it("returns null for an empty Redis", async () => {
      expect(await b.read(new Map(), false)).toBeNull();
      expect(await b.read(new Map(), true)).toBeNull();
    });

    it("returns the same without a script", async () => {
      const n = await lead(a);
      await publish(a, n, await contentFrom({ flags: "1", "cohort:a,b": "2" }));
      const [byScript, plain] = await Promise.all([
        b.read(new Map(), false),
        b.read(new Map(), true),
      ]);
      expect({ ...plain, okAgeMs: 0 }).toEqual({ ...byScript, okAgeMs: 0 });
      const [ticked, peeked] = [await tick(b), await b.peek()];
      for (const key of ["revision", "sha", "scope", "outcome", "failures", "leader"] as const) {
        expect(peeked[key]).toBe(ticked[key]);
      }
    });
  });

  describe("restore", () => {
    const restoration = { revision: 500, okAgeMs: 9_000, fence: "7" };

    it("redis §6 fault 55: does not overwrite the configuration of another origin, like settle", async () => {
      const n = await lead(a);
      const content = await contentFrom({ flags: "1" });
      const publication = await publishingOf(content).give(["flags"]);
      // The owner has restored its configuration since this worker's tick.
      await server.command("HSET", world.key("config"), "scope", "f".repeat(64), "rev", 5);
      const { sha } = content;
      const restored = await a.restore({ ...restoration, sha, publication });
      expect(restored).toEqual({ kind: "newer", revision: 5 });
      const settled = await settle(a, n, content, { publication });
      expect(settled).toEqual({ kind: "fenced", revision: 5 });
      expect(await fields()).toEqual(["rev", "scope"]);
    });

    it("restores a lost configuration with its revision, fence and age", async () => {
      const content = await contentFrom({ flags: "1" });
      const publishing = publishingOf(content);
      const { sha } = content;
      const asked = await a.restore({ ...restoration, sha, publication: publishing.question });
      expect(asked).toEqual({ kind: "body", names: ["flags"] });
      const publication = await publishing.give(["flags"]);
      expect(await a.restore({ ...restoration, sha, publication })).toMatchObject({
        kind: "restored",
        revision: 500,
      });
      const stored = await b.read(new Map(), false);
      expect(stored).toMatchObject({ revision: 500, fence: "7", sha });
      expect(stored?.okAgeMs).toBeGreaterThanOrEqual(9_000);
    });

    it("never replaces the same or a newer revision", async () => {
      await server.command("HSET", world.key("config"), "rev", "500");
      const content = await contentFrom({ flags: "1" });
      const publication = await publishingOf(content).give(["flags"]);
      expect(await a.restore({ ...restoration, sha: content.sha, publication })).toEqual({
        kind: "newer",
        revision: 500,
      });
    });

    it("keeps the age of a later poll", async () => {
      const n = await lead(a);
      await settle(a, n, await contentFrom({ flags: "1" }), { outcome: "ok" }).catch(() => {});
      await server.command("HSET", world.key("poll"), "okAt", `${Date.now()}`);
      const content = await contentFrom({ flags: "1" });
      const publication = await publishingOf(content).give(["flags"]);
      await a.restore({ ...restoration, sha: content.sha, publication });
      expect((await tick(b)).okAgeMs).toBeLessThan(5_000);
    });
  });

  describe("release", () => {
    it("releases only the caller's lease, and keeps the gate", async () => {
      const n = await lead(a);
      await publish(a, n, await contentFrom({ flags: "1" }));
      expect(await b.release()).toBe(false);
      expect(await a.release()).toBe(true);
      expect(await tick(b)).toMatchObject({ isHeld: true, mustPoll: false });
    });
  });
});
