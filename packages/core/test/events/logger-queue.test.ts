import { describe, expect, it } from "vitest";
import { contextOf, createLogger, createSlowLogger, setUp, subject } from "./set-up.js";

const BYTES_OF_ONE = 1_000;

function keys(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `${from + i}`);
}

describe("a logger's queue", () => {
  it("needs no promise and no timer for a synchronous logger", () => {
    const { clock, countersOf, record } = setUp(createLogger());
    for (const key of keys(0, 1_000)) record(subject(key));
    expect(clock.pending).toEqual([]);
    expect(countersOf()).toMatchObject({
      accepted: 1_000,
      delivered: 1_000,
      inFlight: 0,
      queued: 0,
    });
  });

  it("awaits maxConcurrent promises at a time, and hands over the others in order", async () => {
    const { calls, subjects, logAssignment } = createSlowLogger();
    const { clock, countersOf, record } = setUp(
      { logAssignment },
      { limits: { maxConcurrent: 2 } },
    );
    for (const key of keys(0, 5)) record(subject(key));
    expect(subjects).toEqual(keys(0, 2));
    expect(countersOf()).toMatchObject({ inFlight: 2, queued: 3 });
    calls[1]!.fulfil();
    await clock.advance(0);
    expect(subjects).toEqual(keys(0, 3));
    calls[0]!.reject();
    calls[2]!.fulfil();
    await clock.advance(0);
    expect(subjects).toEqual(keys(0, 5));
    expect(countersOf()).toMatchObject({
      accepted: 5,
      delivered: 2,
      inFlight: 2,
      queued: 0,
      queuedBytes: 0,
      dropped: { "logger-rejected": 1 },
    });
  });

  it("lifecycle §7 fault 24: drops an exposure whose promise times out, and ignores its later outcome", async () => {
    const { calls, logAssignment } = createSlowLogger();
    const { clock, countersOf, record, reports } = setUp({ logAssignment });
    record();
    await clock.advance(9_999);
    expect(countersOf().inFlight).toBe(1);
    await clock.advance(1);
    calls[0]!.fulfil();
    await clock.advance(0);
    expect(countersOf()).toMatchObject({
      delivered: 0,
      inFlight: 0,
      dropped: { "logger-timeout": 1 },
    });
    expect(reports).toMatchObject([{ level: "error", facts: { code: "SORTITION_TIMEOUT" } }]);
    expect(record().reason).toBe("queued");
  });

  it("does not keep the process alive", () => {
    const { clock, record } = setUp(createSlowLogger());
    for (const key of keys(0, 100)) record(subject(key));
    expect(clock.pending.filter((it) => it.holdsProcess)).toEqual([]);
    expect(clock.pending).toHaveLength(16);
  });

  it("lifecycle §7 fault 28: copies the attributes of queued events", async () => {
    const events: unknown[] = [];
    const { calls, ...slow } = createSlowLogger();
    const { clock, record } = setUp(
      {
        logAssignment(event) {
          events.push(event.subjectAttributes);
          return slow.logAssignment(event);
        },
      },
      { limits: { maxConcurrent: 1 } },
    );
    const attributes: Record<string, string> = { plan: "pro" };
    for (const key of ["a", "b"]) record(contextOf({ subject: { key, attributes } }));
    attributes["plan"] = "free";
    calls[0]!.fulfil();
    await clock.advance(0);
    expect(events).toEqual([{ plan: "free" }, { plan: "pro" }]);
  });

  it("removes attributes whose getter throws from queued events", async () => {
    const seen: unknown[] = [];
    const { exposures, record } = setUp(undefined);
    const attributes = {
      plan: "pro",
      get age(): number {
        throw new Error("no");
      },
    };
    record(contextOf({ subject: { key: "alice", attributes } }));
    exposures.dispatcher.setLoggers({
      logAssignment: (event) => seen.push(event.subjectAttributes),
    });
    expect(seen).toEqual([{ plan: "pro" }]);
  });
});

describe("a full queue", () => {
  const limits = { maxConcurrent: 1, maxQueueEvents: 2 };

  it("has 10,000 events by default", () => {
    const { countersOf, record } = setUp(createSlowLogger());
    for (const key of keys(0, 20_000)) record(subject(key));
    const dropped = { overflow: 9_984 };
    expect(countersOf()).toMatchObject({ inFlight: 16, queued: 10_000, dropped });
  });

  it("drops the newest", () => {
    const { logAssignment } = createSlowLogger();
    const { countersOf, record } = setUp({ logAssignment }, { limits });
    expect(keys(0, 4).map((key) => record(subject(key)).reason)).toEqual([
      "queued",
      "queued",
      "queued",
      "dropped",
    ]);
    expect(countersOf()).toMatchObject({ accepted: 4, queued: 2, dropped: { overflow: 1 } });
  });

  it("drops the oldest, if that is the policy", async () => {
    const { calls, subjects, logAssignment } = createSlowLogger();
    const { clock, countersOf, record } = setUp(
      { logAssignment },
      { limits: { ...limits, overflow: "drop-oldest" } },
    );
    for (const key of keys(0, 5)) record(subject(key));
    expect(countersOf()).toMatchObject({ accepted: 5, queued: 2, dropped: { overflow: 2 } });
    for (const index of [0, 1]) {
      calls[index]!.fulfil();
      await clock.advance(0);
    }
    expect(subjects).toEqual(["0", "3", "4"]);
  });

  it.each(["drop-newest", "drop-oldest"] as const)(
    "lets dropped exposures be logged when they occur again (%s)",
    async (overflow) => {
      const { calls, logAssignment } = createSlowLogger();
      const { clock, record } = setUp({ logAssignment }, { limits: { ...limits, overflow } });
      for (const key of keys(0, 4)) record(subject(key));
      calls[0]!.fulfil();
      await clock.advance(0);
      const dropped = overflow === "drop-newest" ? "3" : "1";
      expect(record(subject(dropped)).reason).toBe("queued");
    },
  );

  it("is also limited by size", () => {
    const attributes = { text: "x".repeat(BYTES_OF_ONE) };
    const { logAssignment } = createSlowLogger();
    const { countersOf, record } = setUp(
      { logAssignment },
      { limits: { maxConcurrent: 1, maxQueueBytes: 6_000 } },
    );
    for (const key of keys(0, 5)) record(contextOf({ subject: { key, attributes } }));
    expect(countersOf()).toMatchObject({ queued: 2, dropped: { overflow: 2 } });
    expect(countersOf().queuedBytes).toBeGreaterThan(4 * BYTES_OF_ONE);
    expect(countersOf().queuedBytes).toBeLessThan(6_000);
  });

  it.each(["drop-newest", "drop-oldest"] as const)(
    "is not emptied for an event that is larger than the queue (%s)",
    (overflow) => {
      const { logAssignment } = createSlowLogger();
      const { countersOf, record } = setUp(
        { logAssignment },
        { limits: { maxConcurrent: 1, maxQueueBytes: 6_000, overflow } },
      );
      for (const key of keys(0, 3)) record(subject(key));
      const attributes = { text: "x".repeat(6_000) };
      expect(record(contextOf({ subject: { key: "large", attributes } })).reason).toBe("dropped");
      expect(countersOf()).toMatchObject({ queued: 2, dropped: { "too-large": 1, overflow: 0 } });
    },
  );
});

describe("a dropped exposure", () => {
  it("is reported at once, then once a minute with a count", async () => {
    const { clock, drops, record } = setUp(undefined);
    for (const key of keys(0, 250)) record(subject(key));
    expect(drops).toEqual([{ reason: "no-logger", count: 1, logger: "none" }]);
    await clock.advance(59_999);
    expect(drops).toHaveLength(1);
    await clock.advance(1);
    record(subject("x"));
    expect(drops.slice(1)).toEqual([{ reason: "no-logger", count: 149, logger: "none" }]);
    await clock.advance(60_000);
    expect(drops.slice(2)).toEqual([{ reason: "no-logger", count: 1, logger: "none" }]);
    await clock.advance(600_000);
    record(subject("y"));
    expect(drops.slice(3)).toEqual([{ reason: "no-logger", count: 1, logger: "none" }]);
    expect(clock.pending).toEqual([]);
  });

  it("is reported separately for each reason and logger", async () => {
    const throwing = {
      logAssignment() {
        throw new Error("no");
      },
    };
    const { drops, record } = setUp(
      [throwing, throwing, { logAssignment: () => new Promise(() => {}) }],
      { limits: { maxConcurrent: 1, maxQueueEvents: 1 } },
    );
    for (const key of keys(0, 3)) record(subject(key));
    expect(drops).toEqual([
      { reason: "logger-threw", count: 1, logger: "0" },
      { reason: "logger-threw", count: 1, logger: "1" },
      { reason: "overflow", count: 1, logger: "2" },
    ]);
  });

  it("is reported with the others at close, which leaves no timer", () => {
    const { clock, drops, exposures, record } = setUp(undefined);
    for (const key of keys(0, 110)) record(subject(key));
    exposures.close();
    exposures.abandon();
    expect(drops.slice(1)).toEqual([
      { reason: "no-logger", count: 9, logger: "none" },
      { reason: "closed", count: 100, logger: "none" },
    ]);
    expect(clock.pending).toEqual([]);
  });
});

describe("abandon", () => {
  it("drops queued and in-flight exposures, and ignores their later outcome", async () => {
    const { calls, subjects, logAssignment } = createSlowLogger();
    const { clock, exposures, countersOf, record } = setUp(
      { logAssignment },
      { limits: { maxConcurrent: 1 } },
    );
    for (const key of keys(0, 3)) record(subject(key));
    exposures.abandon();
    calls[0]!.fulfil();
    await clock.advance(20_000);
    expect(subjects).toEqual(["0"]);
    expect(countersOf()).toMatchObject({ accepted: 3, delivered: 0, dropped: { closed: 3 } });
    expect(clock.pending).toEqual([]);
  });
});
