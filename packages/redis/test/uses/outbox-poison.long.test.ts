import type { AssignmentLogger } from "@sortition/core/internal";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createOutbox, type OutboxLogger } from "../../src/outbox/outbox.js";
import { assignment } from "../support/events.js";
import { createTestHost, type TestHost } from "../support/fleet-services.js";
import { outboxCounts } from "./outbox-counts.js";

/** Maximum wait. Generous for slow machines; passing tests never wait this long. */
const PATIENCE_MS = 200_000;
const STREAM = "sortition:{test}:v1:outbox";
/** Maximum number of entries that a consumer receives at a time. */
const BATCH = 100;
const GOOD = 300;

/** What is wrong with an entry: it is unreadable, or the logger refuses its subject. */
type Poison = "unreadable" | "refused";

/**
 * Loggers that refuse one exposure immediately or when flushed, or everything that is flushed with
 * it.
 */
type Kind = "promises" | "refuses before its flush" | "fails its flush";

interface Recorder extends AssignmentLogger {
  /** Subjects passed to the logger, once per delivery. */
  readonly given: string[];
  readonly taken: string[];
}

function recorder(kind: Kind): Recorder {
  const given: string[] = [];
  const taken: string[] = [];
  let buffered: string[] = [];
  const isPoison = (subject: string): boolean => subject.startsWith("poison");
  const base = { name: "warehouse", given, taken };
  if (kind === "promises") {
    return {
      ...base,
      async logAssignment({ subject }) {
        given.push(subject);
        if (isPoison(subject)) throw new Error("refused");
        taken.push(subject);
      },
    };
  }
  return {
    ...base,
    logAssignment({ subject }) {
      given.push(subject);
      if (kind === "refuses before its flush" && isPoison(subject)) throw new Error("refused");
      buffered.push(subject);
    },
    async flush() {
      const flushed = buffered;
      buffered = [];
      const ok = !flushed.some(isPoison);
      if (ok) taken.push(...flushed);
      return { ok };
    },
  };
}

describe.skipIf(!hasRedis)(
  "redis §6 fault 43: an outbox with exposures that the logger never accepts",
  () => {
    let server: RedisServer;
    let hosts: TestHost[];
    let outboxes: OutboxLogger[];
    const open = (
      logger: AssignmentLogger,
      options: Parameters<typeof createOutbox>[2] = {},
    ): OutboxLogger => {
      const host = createTestHost(server.url);
      hosts.push(host);
      const outbox = createOutbox(host, logger, { minIdleMs: 1_000, flushMs: 10, ...options });
      outboxes.push(outbox);
      return outbox;
    };
    /** Reports, without those about the dead stream. */
    const reports = (): readonly string[] =>
      hosts.flatMap((host) => host.reports).filter((it) => !it.endsWith("moved to dead stream"));

    beforeAll(async () => {
      server = await startRedis();
    });
    beforeEach(() => {
      hosts = [];
      outboxes = [];
    });
    afterEach(async () => {
      await Promise.all(outboxes.map((outbox) => outbox.close({ timeoutMs: 1_000 })));
      for (const { close } of hosts) close();
      await server.command("FLUSHALL");
    });
    afterAll(() => server.close());

    const unreadable = ["EVAL", WRITE_UNREADABLE, 1, STREAM] as const;
    const write = async (producer: OutboxLogger, entries: readonly string[], poison: Poison) => {
      for (const subject of entries) {
        if (poison === "refused" || !subject.startsWith("poison")) {
          producer.logAssignment(assignment(subject));
        } else {
          await producer.flush();
          await server.command(...unreadable);
        }
      }
      expect(await producer.flush()).toMatchObject({ ok: true });
    };

    it.each([
      { count: 2, place: "before", poison: "unreadable", kind: "promises" },
      { count: 10, place: "between", poison: "unreadable", kind: "fails its flush" },
      { count: 2, place: "before", poison: "refused", kind: "promises" },
      { count: 10, place: "before", poison: "refused", kind: "promises" },
      { count: 10, place: "between", poison: "refused", kind: "promises" },
      { count: 1_000, place: "before", poison: "refused", kind: "promises" },
      { count: 1_000, place: "between", poison: "refused", kind: "promises" },
      { count: 10, place: "between", poison: "refused", kind: "refuses before its flush" },
      { count: 2, place: "before", poison: "refused", kind: "fails its flush" },
    ] as const)(
      "$count $poison exposures $place good ones, with a logger that $kind: the good ones are delivered without a pause",
      async ({ count, kind, place, poison }) => {
        const good = Array.from({ length: GOOD }, (_, i) => `good-${i}`);
        const bad = Array.from({ length: count }, (_, i) => `poison-${i}`);
        const placeOf = (i: number): number =>
          place === "before" ? 0 : Math.floor(((i + 1) / (count + 1)) * GOOD);
        const entries = good.flatMap((subject, at) => [
          ...bad.filter((_, i) => placeOf(i) === at),
          subject,
        ]);
        await write(open(recorder(kind), { deliver: false }), entries, poison);
        const logger = recorder(kind);
        const consumer = open(logger, { maxDeliveries: 2 });
        await vi.waitFor(async () => {
          expect(await outboxCounts(server)).toMatchObject({ delivered: GOOD, left: 0 });
          expect(consumer.stats().consumer).toMatchObject({ dead: count, failing: false });
        }, PATIENCE_MS);
        expect(logger.taken.toSorted()).toEqual(good.toSorted());
        const deliveries = logger.given.filter((subject) => subject.startsWith("good"));
        expect(deliveries.length).toBeLessThanOrEqual(GOOD + BATCH);
        // The logger was never considered down, which would have caused a pause.
        expect(reports()).toEqual([]);
      },
    );

    it("no exposure is dead after a logger was down except for one delivery", async () => {
      let takes = 0;
      const logger = recorder("promises");
      const { logAssignment } = logger;
      const flapping: AssignmentLogger = {
        ...logger,
        logAssignment(event) {
          if (takes > 0) {
            takes -= 1;
            return logAssignment(event);
          }
          logger.given.push(event.subject);
          throw new Error("down");
        },
      };
      const outbox = open(flapping, { maxDeliveries: 2 });
      for (let i = 0; i < 20; i++) outbox.logAssignment(assignment(`good-${i}`));
      await vi.waitFor(() => expect(outbox.stats().consumer.failing).toBe(true), PATIENCE_MS);
      takes = 1;
      await vi.waitFor(() => expect(logger.taken).toHaveLength(1), PATIENCE_MS);
      await vi.waitFor(() => expect(outbox.stats().consumer.failing).toBe(true), PATIENCE_MS);
      const tries = logger.given.length;
      await vi.waitFor(() => expect(logger.given.length).toBeGreaterThan(tries), PATIENCE_MS);
      takes = 1_000;
      await vi.waitFor(async () => {
        const counts = await outboxCounts(server);
        expect(counts).toEqual({ appended: 20, delivered: 20, dead: 0, left: 0 });
      }, PATIENCE_MS);
    });

    it("later exposures are delivered if Redis is flushed while the logger is down", async () => {
      const logger = recorder("promises");
      const outbox = open(logger);
      for (const subject of ["poison-1", "poison-2"]) outbox.logAssignment(assignment(subject));
      await vi.waitFor(() => expect(outbox.stats().consumer.failing).toBe(true), PATIENCE_MS);
      await server.command("FLUSHALL");
      outbox.logAssignment(assignment("good"));
      await vi.waitFor(() => expect(logger.taken).toEqual(["good"]), PATIENCE_MS);
      expect(outbox.stats().consumer.failing).toBe(false);
    });

    it("two refused exposures are dead, although a reply of Redis was lost after their refusal", async () => {
      await write(
        open(recorder("promises"), { deliver: false }),
        ["poison-1", "poison-2", "good"],
        "refused",
      );
      const logger = recorder("promises");
      const host = createTestHost(server.url);
      hosts.push(host);
      const run = host.link.run.bind(host.link);
      let isLost = false;
      vi.spyOn(host.link, "run").mockImplementation(async (script, keys, ...args) => {
        const reply = await run(script, keys, ...args);
        if (!isLost && logger.taken.length > 0) {
          isLost = true;
          throw new Error("lost");
        }
        return reply;
      });
      outboxes.push(
        createOutbox(host, logger, { minIdleMs: 1_000, flushMs: 10, maxDeliveries: 2 }),
      );
      await vi.waitFor(async () => {
        expect(await outboxCounts(server)).toMatchObject({ delivered: 1, dead: 2, left: 0 });
      }, PATIENCE_MS);
      expect(logger.taken).toEqual(["good"]);
    });

    it("two refused exposures are dead in a fleet of three processes, which delivers all others", async () => {
      const loggers = Array.from({ length: 3 }, () => recorder("promises"));
      const [producer] = loggers.map((logger) => open(logger, { minIdleMs: 500 }));
      const taken = (): readonly string[] => loggers.flatMap((logger) => logger.taken);
      for (const subject of ["poison-1", "poison-2", "good-0"]) {
        producer?.logAssignment(assignment(subject));
        await producer?.flush();
      }
      for (let i = 1; i <= 20; i++) {
        producer?.logAssignment(assignment(`good-${i}`));
        await vi.waitFor(() => expect(taken()).toContain(`good-${i}`), PATIENCE_MS);
      }
      await vi.waitFor(async () => {
        expect(await outboxCounts(server)).toMatchObject({ delivered: 21, dead: 2, left: 0 });
      }, PATIENCE_MS);
    });
  },
);

const WRITE_UNREADABLE =
  "return redis.call('XADD', KEYS[1], '*', 'kind', 'assignment', 'event', '{')";
