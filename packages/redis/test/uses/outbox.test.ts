import {
  type AssignmentLogger,
  type BufferedLogger,
  createVendorLogger,
  type Diagnostics,
} from "@sortition/core/internal";
import { ifWhole } from "@sortition/test-kit";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createOutbox, type OutboxLogger } from "../../src/outbox/outbox.js";
import { assignment, banditAction } from "../support/events.js";
import { createTestHost, type TestHost, TOO_LONG_MS } from "../support/fleet-services.js";
import { outboxCounts } from "./outbox-counts.js";

/** Maximum wait. Generous for slow machines; passing tests never wait this long. */
const PATIENCE_MS = 200_000;
const STREAM = "sortition:{test}:v1:outbox";
/** With which a delivery that a busy machine delays is not repeated. */
const ONCE = { minIdleMs: 60_000 };

interface Recorder extends AssignmentLogger {
  readonly ids: string[];
  /** All message ids passed to the logger, including refused ones. */
  readonly tried: string[];
  /** Subjects that the logger refuses. */
  readonly refused: Set<string>;
  isDown: boolean;
}

/** Creates a logger that records what it accepts. */
function recorder(changes: Partial<AssignmentLogger> = {}): Recorder {
  const ids: string[] = [];
  const tried: string[] = [];
  const refused = new Set<string>();
  const log = async ({ subject, messageId }: { subject: string; messageId: string }) => {
    tried.push(messageId);
    if (it.isDown || refused.has(subject)) throw new Error("no");
    ids.push(messageId);
  };
  const it: Recorder = {
    ...{ name: "warehouse", ids, tried, refused, isDown: false },
    logAssignment: log,
    logBanditAction: log,
    ...changes,
  };
  return it;
}

/**
 * Creates a logger like those of analytics libraries, which hold events and deliver them when
 * flushed.
 */
function buffered(maxBuffered: number, ids: string[], warn = (): void => {}): BufferedLogger {
  return createVendorLogger<string>(
    { maxBuffered, diagnostics: { debug() {}, info() {}, warn, error() {} } },
    {
      name: "vendor",
      owned: true,
      readers: {},
      build: ({ id }) => id,
      plan: () => ({
        maxInFlight: 10,
        handOverAt: 10,
        flushIntervalMs: 60_000,
        open: async () => ({
          send(id, settle) {
            ids.push(id);
            settle.delivered();
          },
          flush: async () => {},
          close: () => {},
        }),
      }),
    },
  );
}

describe.skipIf(!hasRedis)("fleet.outbox", () => {
  let server: RedisServer;
  let hosts: TestHost[];
  let outboxes: OutboxLogger[];
  const open = (
    logger: AssignmentLogger,
    options: Parameters<typeof createOutbox>[2] = {},
    url = server.url,
    commandTimeoutMs?: number,
  ): OutboxLogger => {
    const host = createTestHost(url, { commandTimeoutMs });
    hosts.push(host);
    const outbox = createOutbox(host, logger, { minIdleMs: 300, flushMs: 10, ...options });
    outboxes.push(outbox);
    return outbox;
  };
  const counts = () => outboxCounts(server);

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

  it("delivers what Redis has acknowledged, exactly as it was logged, and leaves nothing behind", async () => {
    const events: unknown[] = [];
    const logger = recorder({
      logAssignment: (event) => void events.push(event),
      logBanditAction: (event) => void events.push(event),
    });
    const outbox = open(logger, ONCE);
    const logged = [assignment("alice"), banditAction("alice")] as const;
    outbox.logAssignment(logged[0]);
    outbox.logBanditAction(logged[1]);
    expect(await outbox.flush()).toMatchObject({ ok: true, delivered: 2 });
    await vi.waitFor(() => expect(events).toEqual(logged), PATIENCE_MS);
    await vi.waitFor(async () =>
      expect(await counts()).toEqual({ appended: 2, delivered: 2, dead: 0, left: 0 }),
    );
    // Redis removes them before the consumer gets the reply.
    await vi.waitFor(() => expect(outbox.stats().consumer.delivered).toBe(2));
    expect(outbox.stats()).toMatchObject({
      ...{ accepted: 2, delivered: 2, buffered: 0, appended: 2 },
      consumer: { delivered: 2, redelivered: 0, dead: 0, failing: false },
    });
    expect(await outbox.close()).toMatchObject({ ok: true });
    expect(await server.command("XINFO", "CONSUMERS", STREAM, "deliver")).toEqual([]);
    expect(hosts[0]?.reports).toEqual([]);
  });

  ifWhole(it)(
    "delivers each exposure of several producers to one of several consumers",
    async () => {
      const loggers = [recorder(), recorder(), recorder()];
      const [first, second] = loggers.map((logger) => open(logger, ONCE));
      for (let i = 0; i < 2_000; i++) {
        first?.logAssignment(assignment(`a${i}`));
        second?.logAssignment(assignment(`b${i}`));
      }
      await Promise.all([first?.flush(), second?.flush()]);
      const ids = (): readonly string[] => loggers.flatMap((logger) => logger.ids);
      await vi.waitFor(() => expect(ids()).toHaveLength(4_000), PATIENCE_MS);
      expect(new Set(ids()).size).toBe(4_000);
      await vi.waitFor(async () =>
        expect(await counts()).toEqual({ appended: 4_000, delivered: 4_000, dead: 0, left: 0 }),
      );
    },
  );

  it("removes nothing before the logger has flushed it", async () => {
    let isUp = false;
    const logger = recorder({ flush: async () => ({ ok: isUp }) });
    const outbox = open(logger);
    for (let i = 0; i < 20; i++) outbox.logAssignment(assignment(`${i}`));
    await outbox.flush();
    await vi.waitFor(() => expect(outbox.stats().consumer.failing).toBe(true), PATIENCE_MS);
    expect(await counts()).toEqual({ appended: 20, delivered: 0, dead: 0, left: 20 });
    isUp = true;
    await vi.waitFor(async () => expect(await counts()).toMatchObject({ left: 0 }), PATIENCE_MS);
    expect(new Set(logger.ids).size).toBe(20);
    expect(hosts[0]?.reports).toEqual(["warn delivery fails", "warn delivery works again"]);
  });

  it("keeps exposures that a logger drops because it is closed", async () => {
    const ids: string[] = [];
    const warn = vi.fn();
    const logger = buffered(100, ids, warn);
    const outbox = open(logger);
    outbox.logAssignment(assignment("before"));
    await vi.waitFor(() => expect(outbox.stats().consumer.delivered).toBe(1), PATIENCE_MS);
    await logger.close();
    for (let i = 0; i < 5; i++) outbox.logAssignment(assignment(`${i}`));
    await vi.waitFor(() => expect(outbox.stats().consumer.failing).toBe(true), PATIENCE_MS);
    expect(outbox.stats().consumer.delivered).toBe(1);
    await outbox.close();
    const others: string[] = [];
    open(buffered(100, others));
    await vi.waitFor(() => expect(new Set(others).size).toBe(5), PATIENCE_MS);
    expect(ids).toEqual(["id-before"]);
    expect(warn).not.toHaveBeenCalled();
  });

  it("redelivers exposures that a logger drops because it is full", async () => {
    const ids: string[] = [];
    const warn = vi.fn();
    const outbox = open(buffered(20, ids, warn));
    for (let i = 0; i < 100; i++) outbox.logAssignment(assignment(`${i}`));
    await vi.waitFor(() => expect(new Set(ids).size).toBe(100), PATIENCE_MS);
    await vi.waitFor(async () => expect(await server.command("XLEN", STREAM)).toBe(0), PATIENCE_MS);
    expect(await counts()).toMatchObject({ dead: 0 });
    expect(warn).not.toHaveBeenCalled();
  });

  it("delivers 99 of 100 exposures once if the service refuses one", async () => {
    const sent: string[] = [];
    const logger = createVendorLogger<string>(
      { onError() {} },
      {
        name: "vendor",
        owned: true,
        readers: {},
        build: ({ id }) => id,
        plan: () => ({
          maxInFlight: 100,
          handOverAt: 100,
          flushIntervalMs: 60_000,
          open: () => ({
            send(id, settle) {
              sent.push(id);
              if (id === "id-42") settle.refused("refused", new Error("no"));
              else settle.delivered();
            },
            flush: async () => {},
          }),
        }),
      },
    );
    const outbox = open(logger, { maxDeliveries: 2, minIdleMs: 100 });
    for (let i = 0; i < 100; i++) outbox.logAssignment(assignment(`${i}`));
    await vi.waitFor(() => expect(outbox.stats().consumer.dead).toBe(1), PATIENCE_MS);
    expect(outbox.stats().consumer.delivered).toBe(99);
    const others = sent.filter((id) => id !== "id-42");
    expect([others.length, new Set(others).size]).toEqual([99, 99]);
    await logger.close();
  });

  it("redis §6 fault 39: lets others claim the unfinished exposures of a dead consumer", async () => {
    const hung = recorder({ logAssignment: () => new Promise(() => {}) });
    const dead = open(hung, { minIdleMs: 60_000 });
    dead.logAssignment(assignment("alice"));
    await dead.flush();
    await vi.waitFor(async () => {
      const [pending] = (await server.command("XPENDING", STREAM, "deliver")) as number[];
      expect(pending).toBe(1);
    });
    hosts[0]?.close(); // simulates its death
    const logger = recorder();
    const outbox = open(logger);
    await vi.waitFor(() => expect(logger.ids).toEqual(["id-alice"]), PATIENCE_MS);
    await vi.waitFor(() =>
      expect(outbox.stats().consumer).toMatchObject({ delivered: 1, redelivered: 1 }),
    );
  });

  it("redis §6 fault 39: moves an exposure that the logger never accepts to the dead stream, and delivers all others", async () => {
    const logger = recorder();
    for (const subject of ["poison", "other"]) logger.refused.add(subject);
    const outbox = open(logger, { maxDeliveries: 2, minIdleMs: 100 });
    const error = vi.spyOn(hosts[0]?.diagnostics as Diagnostics, "error"); // `open` added it
    for (const subject of ["a", "poison", "other", "b"]) outbox.logAssignment(assignment(subject));
    await outbox.flush();
    await vi.waitFor(() => expect(outbox.stats().consumer.dead).toBe(2), PATIENCE_MS);
    expect(logger.ids.toSorted()).toEqual(["id-a", "id-b"]);
    expect(await counts()).toEqual({ appended: 4, delivered: 2, dead: 2, left: 0 });
    expect(error).toHaveBeenCalledTimes(2);
    expect(error.mock.lastCall?.[1]).toMatchObject({ dead: 2 });
    const [[, fields]] = (await server.command("XRANGE", `${STREAM}:dead`, "-", "+")) as [
      [string, string[]],
    ];
    const id = expect.stringMatching(/^id-(poison|other)$/);
    expect(fields.slice(0, 4)).toEqual(["id", id, "kind", "assignment"]);
    const report = "error exposure moved to dead stream";
    expect(hosts[0]?.reports).toEqual([report, report]);
  });

  ifWhole(it)("redis §6 fault 39: does not blame exposures for a logger that is down", async () => {
    const logger = recorder();
    logger.isDown = true;
    // A consumer with only one exposure cannot know that the logger is down, so that delivery
    // counts until it has another one. A process that hangs in a delivery for `minIdleMs` is
    // considered dead, which may happen to this one on a busy machine.
    const options = { maxDeliveries: 2, minIdleMs: 1_000 };
    const outbox = open(logger, options);
    for (let i = 0; i < 5; i++) outbox.logAssignment(assignment(`${i}`));
    await outbox.flush();
    await vi.waitFor(() => expect(outbox.stats().consumer.failing).toBe(true), PATIENCE_MS);
    // Other processes of the fleet take over, again and again.
    for (let i = 0; i < 3; i++) {
      const other = open(logger, options);
      await vi.waitFor(() => expect(other.stats().consumer.failing).toBe(true), PATIENCE_MS);
    }
    logger.isDown = false;
    await vi.waitFor(() => expect(new Set(logger.ids).size).toBe(5), PATIENCE_MS);
    expect(await counts()).toMatchObject({ dead: 0 });
  });

  it("redis §6 fault 39: does not blame an exposure that was delivered alone before the logger was known to be down", async () => {
    const logger = recorder();
    logger.isDown = true;
    // Nothing is claimed, so the entries that failed are tried again only because the logger works again.
    const outbox = open(logger, { minIdleMs: 86_400_000 });
    const deliveries = async (): Promise<readonly number[]> => {
      const range = ["-", "+", 10] as const;
      const pending = await server.command("XPENDING", STREAM, "deliver", ...range).catch(() => []);
      return (pending as readonly [string, string, number, number][]).map(([, , , count]) => count);
    };
    outbox.logAssignment(assignment("a"));
    await vi.waitFor(async () => expect(await deliveries()).toEqual([1]), PATIENCE_MS);
    await vi.waitFor(() => expect(logger.tried).toEqual(["id-a"]), PATIENCE_MS);
    expect(outbox.stats().consumer.failing).toBe(false);
    outbox.logAssignment(assignment("b"));
    await vi.waitFor(async () => expect(await deliveries()).toEqual([0, 0]), PATIENCE_MS);
    expect(outbox.stats().consumer.failing).toBe(true);
    logger.isDown = false;
    await vi.waitFor(() => expect(logger.ids.toSorted()).toEqual(["id-a", "id-b"]), PATIENCE_MS);
    expect(await counts()).toMatchObject({ dead: 0 });
  });

  it("leaves undelivered exposures to other consumers immediately when it is closed", async () => {
    const down = recorder();
    down.isDown = true;
    const first = open(down, { minIdleMs: 60_000 });
    for (const subject of ["a", "b", "c"]) first.logAssignment(assignment(subject));
    await vi.waitFor(() => expect(new Set(down.tried).size).toBe(3), PATIENCE_MS);
    await first.close({ timeoutMs: 1_000 });
    const logger = recorder();
    open(logger, { minIdleMs: 60_000 });
    const ids = ["id-a", "id-b", "id-c"];
    await vi.waitFor(() => expect(logger.ids.toSorted()).toEqual(ids), PATIENCE_MS);
    await vi.waitFor(async () => expect(await counts()).toMatchObject({ dead: 0, left: 0 }));
  });

  it("redis §6 fault 39: keeps exposures while the stream is full, then drops the newest", async () => {
    const logger = recorder();
    const producer = open(logger, { maxEntries: 10, maxPending: 5, deliver: false });
    for (let i = 0; i < 4; i++) producer.logAssignment(assignment(`a${i}`));
    await producer.flush();
    for (let i = 0; i < 4; i++) producer.logAssignment(assignment(`b${i}`));
    await producer.flush();
    for (let i = 0; i < 5; i++) producer.logAssignment(assignment(`c${i}`));
    expect(await producer.flush({ timeoutMs: 200 })).toMatchObject({ ok: false, delivered: 2 });
    for (let i = 0; i < 5; i++) producer.logAssignment(assignment(`d${i}`));
    expect(await counts()).toMatchObject({ left: 10 });
    expect(producer.stats()).toMatchObject({
      ...{ accepted: 18, appended: 10, buffered: 5, dropped: 3 },
      droppedBy: { overflow: 3 },
    });
    expect(producer.stats().full).toBeGreaterThan(0);
    const outbox = open(logger, { maxEntries: 10 });
    await vi.waitFor(async () => {
      await producer.flush({ timeoutMs: 100 });
      expect(logger.ids).toHaveLength(15);
    }, PATIENCE_MS);
    await vi.waitFor(() => expect(outbox.stats().consumer.delivered).toBe(15));
    expect(hosts[0]?.counters.outbox[0]?.()).toMatchObject({ appended: 15, dropped: 3 });
  });

  it("keeps outboxes with different names separate, and rejects a second one with the same name", async () => {
    const host = createTestHost(server.url);
    hosts.push(host);
    const [a, b] = [recorder({ name: "a" }), recorder({ name: "b" })];
    const one = createOutbox(host, a, { flushMs: 10 });
    const two = createOutbox(host, b, { name: "b", flushMs: 10 });
    outboxes.push(one, two);
    expect(() => createOutbox(host, a)).toThrow('"outbox" is open already: share that');
    one.logAssignment(assignment("x"));
    two.logAssignment(assignment("y"));
    await vi.waitFor(() => expect([a.ids, b.ids]).toEqual([["id-x"], ["id-y"]]), PATIENCE_MS);
    await one.close();
    outboxes.push(createOutbox(host, a));
  });

  it("redis §6 fault 39: does not delay the caller, and sends nothing in the caller's turn", async () => {
    const outbox = open(recorder(), { deliver: false });
    await vi.waitFor(() => expect(hosts[0]?.link.isReady).toBe(true), PATIENCE_MS);
    const { lines, stop } = await server.monitor();
    for (let i = 0; i < 1_000; i++)
      expect(outbox.logAssignment(assignment(`${i}`))).toBeUndefined();
    expect(outbox.stats()).toMatchObject({ accepted: 1_000, buffered: 1_000, inFlight: 0 });
    expect(lines.filter((line) => /evalsha|XADD/i.test(line))).toEqual([]);
    expect(await outbox.flush()).toMatchObject({ ok: true, delivered: 1_000 });
    await stop();
    // There are 200 exposures per call.
    const calls = lines.filter((line) => /"(evalsha|eval)"/i.test(line));
    expect(calls.length).toBeLessThanOrEqual(6);
  });

  ifWhole(it)(
    "passes what it has sent to Redis to its logger within its deadline, while Redis does not respond",
    async () => {
      const own = await startRedis();
      const logger = recorder();
      const outbox = open(logger, { flushMs: 1 }, own.url, TOO_LONG_MS);
      outbox.logAssignment(assignment("a"));
      await outbox.flush();
      own.pause();
      outbox.logAssignment(assignment("b"));
      await vi.waitFor(() => expect(outbox.stats().inFlight).toBe(1));
      expect(await outbox.close({ timeoutMs: 2_000 })).toMatchObject({ ok: true, delivered: 1 });
      expect(outbox.stats()).toMatchObject({ buffered: 0, dropped: 0 });
      expect(logger.tried).toContain("id-b");
      own.resume();
      await own.close();
    },
  );

  it("redis §6 fault 53: delivers a batch once to a logger whose flush is slow, if the time limit allows it", async () => {
    const flushes: number[] = [];
    const logger = recorder({
      async flush() {
        flushes.push(logger.tried.length);
        await new Promise((resolve) => setTimeout(resolve, 2_700));
      },
    });
    // Without the option, the limit would be 2.5 s.
    const outbox = open(logger, { minIdleMs: 10_000, deliveryTimeoutMs: 5_000 });
    for (const subject of ["alice", "bob"]) outbox.logAssignment(assignment(subject));
    await outbox.flush();
    await vi.waitFor(async () => {
      expect(await counts()).toMatchObject({ appended: 2, delivered: 2 });
      expect(outbox.stats()).toMatchObject({ consumer: { delivered: 2, redelivered: 0 } });
    }, PATIENCE_MS);
    expect([logger.tried.length, ...flushes]).toEqual([2, 2]);
  });

  it("counts an exposure that is too large for its logger as dropped, and not as dead", async () => {
    const ids: string[] = [];
    const outbox = open(buffered(100, ids));
    const large = "x".repeat(50_000);
    for (const messageId of ["a", large, "b"]) {
      outbox.logAssignment(assignment("alice", { messageId }));
    }
    await vi.waitFor(
      async () => expect(await counts()).toMatchObject({ delivered: 3 }),
      PATIENCE_MS,
    );
    expect(ids).toEqual(["a", "b"]);
    await vi.waitFor(
      () => expect(outbox.stats().consumer).toMatchObject({ delivered: 3, dropped: 1, dead: 0 }),
      PATIENCE_MS,
    );
  });
});
