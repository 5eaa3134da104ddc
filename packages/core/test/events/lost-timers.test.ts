import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { exposureCounters } from "../../src/client/client-internals.js";
import type { AssignmentEvent, ClientOptions } from "../../src/index.js";
import { createTestClient } from "./clients.js";

/** A client on a host that cancels the timers of a request when it ends, until `keepTimers` is called. */
function setUp(options: Partial<ClientOptions> = {}) {
  const clock = createFakeClock();
  let areLost = true;
  const subjects: string[] = [];
  const hung = new Set<string>();
  const losses: unknown[] = [];
  const { client } = createTestClient({
    clock: {
      ...clock,
      setTimer: (...timer) => (areLost ? () => {} : clock.setTimer(...timer)),
    },
    assignmentLogger: {
      logAssignment: ({ subject }: AssignmentEvent) => {
        subjects.push(subject);
        return hung.has(subject) ? new Promise<void>(() => {}) : Promise.resolve();
      },
    },
    ...options,
  });
  client.on("exposures-dropped", ({ count, reason }) => losses.push([reason, count]));
  return {
    client,
    clock,
    hung,
    losses,
    subjects,
    keepTimers: () => {
      areLost = false;
    },
    log: (subject: string) => client.getStringAssignment("f", subject, {}, ""),
    counters: () => exposureCounters(client).loggers["assignmentLogger"],
  };
}

describe("on a host that loses timers and promises", () => {
  it("an event times out by the clock when the next one is accepted, which gets its slot", async () => {
    const { clock, counters, hung, log, subjects } = setUp({ exposures: { maxConcurrent: 1 } });
    hung.add("a");
    log("a");
    log("b");
    await clock.advance(9_999);
    log("c");
    expect(subjects).toEqual(["a"]);
    await clock.advance(1);
    log("d");
    await clock.advance(0);
    expect(subjects).toEqual(["a", "b", "c", "d"]);
    expect(counters()).toMatchObject({
      delivered: 3,
      inFlight: 0,
      queued: 0,
      dropped: { "logger-timeout": 1 },
    });
  });

  it("an event times out by the clock even while slots are free, and when the status is read", async () => {
    const { client, clock, hung, log, losses } = setUp();
    hung.add("a").add("b");
    log("a");
    await clock.advance(5_000);
    log("b");
    await clock.advance(5_000);
    log("c");
    expect(losses).toEqual([["logger-timeout", 1]]);
    await clock.advance(5_000);
    expect(client.status.counters.exposures.loggers["assignmentLogger"]).toMatchObject({
      inFlight: 0,
      dropped: { "logger-timeout": 2 },
    });
  });

  it("a flush ends overdue events, and hands over the rest itself", async () => {
    const { client, clock, hung, keepTimers, log, subjects } = setUp({
      exposures: { maxConcurrent: 1 },
    });
    hung.add("a");
    log("a");
    log("b");
    await clock.advance(10_000);
    keepTimers();
    expect(await client.flush()).toMatchObject({ underWay: 1, delivered: 1, pending: 0 });
    expect(subjects).toEqual(["a", "b"]);
  });

  it("a flush ends events that become overdue while it waits", async () => {
    const { client, clock, hung, keepTimers, log } = setUp({ exposures: { maxConcurrent: 1 } });
    hung.add("a");
    log("a");
    log("b");
    keepTimers();
    const flushing = client.flush({ timeoutMs: 20_000 });
    await clock.advance(10_000);
    expect(await flushing).toMatchObject({ delivered: 1, failed: 1, pending: 0 });
  });

  it("a queue does not wait for a flush whose request has ended", async () => {
    const settles: (() => void)[] = [];
    const { client, clock, keepTimers, log } = setUp({
      exposures: { maxConcurrent: 1, loggerTimeoutMs: 60_000 },
      assignmentLogger: {
        logAssignment: () => new Promise<void>((resolve) => settles.push(resolve)),
      },
    });
    log("a");
    log("b");
    void client.flush({ timeoutMs: 2_000 }); // its deadline timer is lost
    await clock.advance(3_001);
    keepTimers();
    log("c");
    expect(settles).toHaveLength(1);
    settles[0]?.();
    await Promise.resolve().then(() => {});
    expect(settles).toHaveLength(2);
  });

  it("losses that wait for their report are reported with the status, after a minute", async () => {
    const { client, clock, losses } = setUp({ assignmentLogger: undefined });
    for (let i = 0; i < 150; i += 1) client.getStringAssignment("f", `${i}`, {}, "");
    expect(losses).toEqual([["no-logger", 1]]);
    await clock.advance(59_999);
    void client.status;
    expect(losses).toHaveLength(1);
    await clock.advance(1);
    void client.status;
    expect(losses).toEqual([
      ["no-logger", 1],
      ["no-logger", 49],
    ]);
  });

  it("events left for the next turn are handed over in later turns", () => {
    const subjects: string[] = [];
    const { client, log } = setUp({
      assignmentLogger: {
        logAssignment: ({ subject }: AssignmentEvent) => {
          if (subjects.push(subject) > 1) return;
          for (let i = 0; i < 2_500; i++) client.getStringAssignment("f", `${i}`, {}, "");
        },
      },
    });
    log("first");
    expect(subjects).toHaveLength(1_001);
    log("second");
    log("third");
    expect(subjects).toHaveLength(2_503);
  });

  it("waitUntil gets a promise that waits for the flush of another request for a limited time", async () => {
    const flushes: string[][] = [];
    const promises: Promise<void>[] = [];
    const held: string[] = [];
    const ended: number[] = [];
    const { clock, keepTimers, log } = setUp({
      waitUntil: (promise) => {
        const index = promises.push(promise) - 1;
        void promise.then(() => ended.push(index));
      },
      assignmentLogger: {
        logAssignment: ({ subject }: AssignmentEvent) => void held.push(subject),
        flush: () => {
          flushes.push(held.splice(0));
          return flushes.length === 1 ? new Promise(() => {}) : Promise.resolve();
        },
      },
    });
    log("a");
    await clock.advance(1);
    keepTimers();
    log("b");
    await clock.advance(1);
    log("c");
    await clock.advance(9_998);
    expect(flushes).toEqual([["a"]]);
    await clock.advance(1);
    expect(flushes).toEqual([["a"], ["b", "c"]]);
    expect(ended).toEqual([1, 2]);
  });
});
