import { describe, expect, it } from "vitest";
import type { AssignmentEvent, BanditEvent } from "../../src/model/exposure.js";
import {
  baseOf,
  choiceOf,
  contextOf,
  createLogger,
  createSlowLogger,
  METADATA,
  setUp,
  subject,
} from "./set-up.js";

describe("an assignment event", () => {
  it("has the members of the vendor's event and a message id", () => {
    const logger = createLogger();
    setUp(logger).record();
    expect(logger.events).toEqual([
      {
        allocation: "all",
        experiment: "checkout-all",
        featureFlag: "checkout",
        format: "SERVER",
        variation: "on",
        subject: "alice",
        timestamp: "2026-01-02T03:04:05.678Z",
        subjectAttributes: { plan: "pro" },
        metaData: METADATA,
        entityId: null,
        messageId: expect.stringMatching(
          /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-/,
        ),
      },
    ]);
  });

  it("has extra logging first, and the message id last", () => {
    const logger = createLogger();
    setUp(logger).record(contextOf(), baseOf({ extraLogging: { holdoutKey: "h" } }));
    const names = Object.keys(logger.events[0]!);
    expect([names[0], names.at(-1)]).toEqual(["holdoutKey", "messageId"]);
  });

  it("does not let extra logging replace a member", () => {
    const logger = createLogger();
    const names = ["allocation", "experiment", "subject", "timestamp", "messageId", "metaData"];
    const extraLogging = Object.fromEntries(names.map((name) => [name, "forged"]));
    setUp(logger).record(contextOf(), baseOf({ extraLogging }));
    expect(Object.values(logger.events[0]!)).not.toContain("forged");
  });

  it("treats extra logging called __proto__ as ordinary", () => {
    const logger = createLogger();
    const extraLogging = JSON.parse('{"__proto__":"x"}');
    setUp(logger).record(contextOf(), baseOf({ extraLogging }));
    expect(Object.getOwnPropertyDescriptor(logger.events[0], "__proto__")?.value).toBe("x");
  });

  it("is frozen", () => {
    const logger = createLogger();
    setUp(logger).record();
    expect(Object.isFrozen(logger.events[0])).toBe(true);
  });

  it("has the caller's own attributes when it is delivered at once", () => {
    const logger = createLogger();
    const context = contextOf();
    setUp(logger).record(context);
    expect(logger.events[0]!.subjectAttributes).toBe(context.subject.attributes);
  });

  it("has a copy of the attributes when it has to wait", () => {
    const logger = createLogger();
    const { exposures, record } = setUp(undefined);
    const attributes: Record<string, string> = { plan: "pro" };
    record(contextOf({ subject: { key: "alice", attributes } }));
    attributes["plan"] = "free";
    exposures.dispatcher.setLoggers(logger);
    expect(logger.events[0]!.subjectAttributes).toEqual({ plan: "pro" });
  });

  it("has the requested key if the flag has none", () => {
    const logger = createLogger();
    setUp(logger).record(contextOf({ flagKey: "asked" }), baseOf({ featureFlag: null }));
    expect(logger.events[0]).toMatchObject({ featureFlag: "asked", experiment: "asked-all" });
  });

  it("has no experiment without an allocation", () => {
    const logger = createLogger();
    setUp(logger).record(contextOf(), baseOf({ allocation: null }));
    expect(logger.events[0]!.experiment).toBeNull();
  });

  it("is logged once for each experiment of a flag, if they are deduplicated by experiment", () => {
    const logger = createLogger();
    const { record } = setUp(logger);
    for (const experiment of ["holdout", "layout", "holdout"]) {
      const deduplicationKey = `checkout ${experiment}`;
      record(contextOf(), baseOf({ experiment, allocation: null, deduplicationKey }));
    }
    const [holdout, layout, ...more] = logger.events;
    expect([holdout?.experiment, layout?.experiment, more]).toEqual(["holdout", "layout", []]);
    expect(holdout?.messageId).not.toBe(layout?.messageId);
  });

  it("has details only if they are given", () => {
    const logger = createLogger();
    const { exposures } = setUp(logger, { isDeduplicated: false });
    exposures.record(baseOf(), contextOf(), null);
    exposures.record(baseOf(), contextOf(), { why: 1 });
    expect(logger.events.map((it) => "evaluationDetails" in it)).toEqual([false, true]);
  });

  it.each([
    {
      context: contextOf({ nowMs: () => Number.NaN }),
      because: "there is no such time",
    },
    {
      context: contextOf({
        nowMs: () => {
          throw new Error("no clock");
        },
      }),
      because: "the clock throws",
    },
    {
      context: contextOf({ subject: { key: 5n as never, attributes: {} } }),
      because: "JSON has no BigInt",
    },
  ])("that cannot be built is not loggable, because $because", ({ context }) => {
    const { exposures, record } = setUp(createLogger());
    expect(record(context)).toEqual({ logged: false, reason: "not-loggable", messageId: null });
    expect(exposures.counters).toMatchObject({ accepted: 0, notLoggable: 1 });
  });
});

describe("a logger", () => {
  it("receives the same exposure once", () => {
    const logger = createLogger();
    const { record } = setUp(logger);
    record();
    expect(record()).toEqual({ logged: false, reason: "deduplicated", messageId: null });
    expect(logger.events).toHaveLength(1);
  });

  it("receives A, B, A as three", () => {
    const logger = createLogger();
    const { record } = setUp(logger);
    for (const variation of ["A", "B", "A"]) record(contextOf(), baseOf({ variation }));
    expect(logger.events.map((it) => it.variation)).toEqual(["A", "B", "A"]);
  });

  it("is called with itself as this", () => {
    class Logger {
      count = 0;
      logAssignment(): void {
        this.count += 1;
      }
    }
    const logger = new Logger();
    setUp(logger).record();
    expect(logger.count).toBe(1);
  });

  it("lifecycle §7 fault 23: that threw is called again at the next evaluation", () => {
    let calls = 0;
    const { record } = setUp({
      logAssignment() {
        calls += 1;
        if (calls === 1) throw new Error("full");
      },
    });
    expect([record().reason, record().reason, record().reason]).toEqual([
      "logger-failed",
      "delivered",
      "deduplicated",
    ]);
  });

  it("that fails is counted, and reported without the event", () => {
    const { countersOf, record, reports } = setUp({
      logAssignment() {
        throw new Error("full");
      },
    });
    record();
    expect(countersOf()).toMatchObject({ accepted: 1, dropped: { "logger-threw": 1 } });
    expect(reports).toEqual([
      {
        level: "error",
        message: "logger failed",
        facts: {
          code: "SORTITION_LOGGER",
          flag: "checkout",
          logger: "assignmentLogger",
          error: expect.any(Error),
        },
      },
    ]);
  });

  it("lifecycle §7 fault 23: that rejected is called again at the next evaluation", async () => {
    let calls = 0;
    const { record } = setUp({
      logAssignment: async () => {
        calls += 1;
        if (calls === 1) throw new Error("full");
      },
    });
    record();
    await Promise.resolve().then(() => {});
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    record();
    expect(calls).toBe(2);
  });

  it("that rejects late does not make a newer assignment be logged again", async () => {
    const { calls, ...logger } = createSlowLogger();
    const { clock, exposures, record } = setUp(logger);
    record(contextOf(), baseOf({ variation: "A" }));
    record(contextOf(), baseOf({ variation: "B" }));
    calls[0]!.reject();
    await clock.advance(0);
    expect(record(contextOf(), baseOf({ variation: "B" })).reason).toBe("deduplicated");
    expect(exposures.counters.accepted).toBe(2);
  });

  it("that evaluates the same flag does not call itself", () => {
    const outcomes: string[] = [];
    const { record } = setUp({
      logAssignment() {
        outcomes.push(record().reason);
      },
    });
    record();
    expect(outcomes).toEqual(["deduplicated"]);
  });

  it.each([
    { what: "at every call", isGuarded: false },
    { what: "unless it is called meanwhile", isGuarded: true },
  ])("that evaluates $what is not called without end", ({ isGuarded }) => {
    let calls = 0;
    let isCalled = false;
    const { drops, exposures, countersOf, record } = setUp(
      {
        logAssignment() {
          calls += 1;
          if (isGuarded && isCalled) return;
          isCalled = true;
          record(subject(`${calls}`));
          isCalled = false;
        },
      },
      { isDeduplicated: false },
    );
    record();
    record();
    // Each of the two calls caused eight others, and a ninth was dropped.
    expect(calls).toBe(18);
    expect(countersOf()).toMatchObject({ accepted: 20, delivered: 18, dropped: { "too-deep": 2 } });
    exposures.close();
    exposures.abandon();
    expect(drops).toEqual([
      { reason: "too-deep", count: 1, logger: "assignmentLogger" },
      { reason: "too-deep", count: 1, logger: "assignmentLogger" },
    ]);
  });

  it("that evaluates with another client is not called without end", () => {
    let calls = 0;
    const clients = [0, 1].map((i) =>
      setUp(
        {
          logAssignment() {
            calls += 1;
            clients[1 - i]?.record(subject(`${calls}`));
          },
        },
        { isDeduplicated: false },
      ),
    );
    clients[0]?.record();
    expect(calls).toBe(9);
  });

  it("may return any thenable", async () => {
    const { clock, countersOf, record } = setUp({
      // biome-ignore lint/suspicious/noThenProperty: promises of other libraries look like this.
      logAssignment: () => ({ then: (done: () => void) => done() }),
    });
    record();
    await clock.advance(0);
    expect(countersOf()).toMatchObject({ delivered: 1, inFlight: 0 });
  });

  it.each([
    {
      thenable: {
        // biome-ignore lint/suspicious/noThenProperty: a foreign promise may be broken.
        get then(): unknown {
          throw new Error("no");
        },
      },
      because: "reading its then throws",
    },
    {
      thenable: {
        // biome-ignore lint/suspicious/noThenProperty: a foreign promise may be broken.
        then() {
          throw new Error("no");
        },
      },
      because: "its then throws",
    },
  ])("that returns a broken thenable has failed, because $because", async ({ thenable }) => {
    const { clock, countersOf, record } = setUp({ logAssignment: () => thenable });
    record();
    await clock.advance(0);
    const { "logger-rejected": rejected, "logger-threw": threw } = countersOf().dropped;
    expect([countersOf().inFlight, rejected + threw]).toEqual([0, 1]);
  });
});

describe("a bandit action", () => {
  it("is logged with the members of the documentation, and a message id", () => {
    const events: BanditEvent[] = [];
    const { recordBandit } = setUp({
      logAssignment() {},
      logBanditAction: (event) => events.push(event),
    });
    const outcome = recordBandit();
    expect(events).toEqual([
      {
        timestamp: "2026-01-02T03:04:05.678Z",
        flagKey: "checkout",
        subject: "alice",
        ...choiceOf(),
        metaData: METADATA,
        messageId: outcome.messageId,
      },
    ]);
    expect(Object.isFrozen(events[0])).toBe(true);
  });

  it("is logged after the assignment of the same call, by every logger", () => {
    const calls: string[] = [];
    const loggerOf = (name: string) => ({
      name,
      logAssignment: () => calls.push(`${name} assignment`),
      logBanditAction: () => calls.push(`${name} bandit`),
    });
    const { record, recordBandit } = setUp([loggerOf("a"), loggerOf("b")]);
    record();
    recordBandit();
    expect(calls).toEqual(["a assignment", "b assignment", "a bandit", "b bandit"]);
  });

  it("is not counted for a logger that accepts none", () => {
    const logBanditAction = (): void => {};
    const { countersOf, recordBandit } = setUp([
      { name: "a", logAssignment() {} },
      { name: "b", logAssignment() {}, logBanditAction },
    ]);
    expect(recordBandit().reason).toBe("delivered");
    expect([countersOf("a").accepted, countersOf("b").accepted]).toEqual([0, 1]);
  });

  it("is rejected if no logger accepts any", () => {
    const { exposures, recordBandit } = setUp({ logAssignment() {} });
    expect(recordBandit().reason).toBe("off");
    expect(exposures.counters).toMatchObject({ accepted: 0, refused: { off: 1 } });
  });

  it("is deduplicated by bandit and action, separately from assignments", () => {
    const { record, recordBandit } = setUp({ logAssignment() {}, logBanditAction() {} });
    record();
    const actions = ["nike", "nike", "adidas", "nike"];
    expect(actions.map((action) => recordBandit(contextOf(), choiceOf({ action })).reason)).toEqual(
      ["delivered", "deduplicated", "delivered", "delivered"],
    );
  });

  it("lifecycle §7 fault 27: is buffered until a logger is set, up to a hundred in addition to a hundred assignments", () => {
    const { exposures, countersOf, record, recordBandit } = setUp(undefined);
    // After a copy has taken the events, the buffer has room for as many again.
    for (const [round, taker] of [exposures.copy(undefined), exposures].entries()) {
      for (let i = 0; i < 120; i++) {
        record(subject(`${round}-${i}`));
        recordBandit(subject(`${round}-${i}`));
      }
      expect(countersOf("none")).toMatchObject({ accepted: 240 * (round + 1), buffered: 200 });
      const calls: string[] = [];
      taker.dispatcher.setLoggers({
        logAssignment: (event) => calls.push(`a${event.subject}`),
        logBanditAction: (event) => calls.push(`b${event.subject}`),
      });
      const numbers = Array.from({ length: 100 }, (_, i) => `${round}-${i}`);
      expect(calls).toEqual(numbers.flatMap((it) => [`a${it}`, `b${it}`]));
    }
  });

  it("is dropped from the buffer if the new logger accepts none", () => {
    const { exposures, countersOf, recordBandit } = setUp(undefined);
    recordBandit();
    exposures.dispatcher.setLoggers({ logAssignment() {} });
    expect(countersOf("none")).toMatchObject({
      buffered: 0,
      delivered: 0,
      dropped: { "no-logger": 1 },
    });
  });
});

describe("without a logger", () => {
  it("events beyond the buffer's size are dropped, and so are all later ones", () => {
    const { countersOf, exposures, record } = setUp(undefined, {
      limits: { maxQueueBytes: 2_500 },
    });
    const reasons = ["a".repeat(5_000), "b", "c", "d", "e", "f"].map(
      (key) => record(subject(key)).reason,
    );
    expect(reasons).toEqual(["dropped", "buffered", "buffered", "buffered", "dropped", "dropped"]);
    expect(countersOf("none")).toMatchObject({
      accepted: 6,
      buffered: 3,
      dropped: { "too-large": 1, overflow: 1, "no-logger": 1 },
    });
    exposures.dispatcher.setLoggers(createLogger());
    expect(record(subject("e")).reason).toBe("delivered");
  });

  it("buffered events are dropped when logging is switched off, and logged at the next evaluation", () => {
    const logger = createLogger();
    const { exposures, record } = setUp(undefined);
    record();
    exposures.dispatcher.setLoggers(null);
    exposures.dispatcher.setLoggers(logger);
    expect(exposures.counters.loggers["none"]!.dropped["no-logger"]).toBe(1);
    expect(record().reason).toBe("delivered");
  });

  it("no event is built when logging is off", () => {
    const { exposures, record } = setUp(null);
    expect(record().reason).toBe("off");
    expect(exposures.counters).toMatchObject({ accepted: 0, refused: { off: 1, closed: 0 } });
  });
});

describe("when closed", () => {
  it("nothing is accepted", () => {
    const { exposures, record } = setUp(createLogger());
    exposures.close();
    expect(record().reason).toBe("closed");
    expect(exposures.counters).toMatchObject({ accepted: 0, refused: { closed: 1 } });
  });
});

describe("several loggers", () => {
  it("are named by their index, unless they have a name", () => {
    const { exposures } = setUp([{ logAssignment() {} }, { name: "mine", logAssignment() {} }]);
    expect(Object.keys(exposures.counters.loggers)).toEqual(["0", "mine"]);
  });

  it("receive the same event, in their order", () => {
    const events: AssignmentEvent[] = [];
    const logAssignment = (event: AssignmentEvent) => events.push(event);
    const { record } = setUp([{ logAssignment }, { logAssignment }]);
    record();
    expect(events).toHaveLength(2);
    expect(events[0]).toBe(events[1]);
  });

  it("receive a nested exposure after the outer one, all in the same order", () => {
    const calls: string[] = [];
    const { record } = setUp([
      {
        logAssignment: (event) => {
          calls.push(`0 ${event.subject}`);
          if (event.subject === "alice") calls.push(record(subject("bob")).reason);
        },
      },
      { logAssignment: (event) => calls.push(`1 ${event.subject}`) },
    ]);
    record();
    expect(calls).toEqual(["0 alice", "queued", "1 alice", "0 bob", "1 bob"]);
  });

  it("lifecycle §7 fault 26: count an exposure as logged if one of them took it", () => {
    const { countersOf, record } = setUp([
      {
        logAssignment() {
          throw new Error("no");
        },
      },
      { logAssignment() {} },
    ]);
    expect([record().reason, record().reason]).toEqual(["delivered", "deduplicated"]);
    expect(countersOf("0")).toMatchObject({ accepted: 1, dropped: { "logger-threw": 1 } });
    expect(countersOf("1")).toMatchObject({ accepted: 1, delivered: 1 });
  });

  it("count an exposure as lost if all of them fail, at once or later", async () => {
    const { calls, ...slow } = createSlowLogger();
    const { clock, record } = setUp([
      slow,
      {
        logAssignment() {
          throw new Error("no");
        },
      },
    ]);
    expect([record().reason, record().reason]).toEqual(["queued", "deduplicated"]);
    calls[0]!.reject();
    await clock.advance(0);
    expect(record().reason).toBe("queued");
  });
});

describe("a logger that replaces another", () => {
  it("receives later exposures, while the former one keeps those it accepted", async () => {
    const { calls, ...slow } = createSlowLogger();
    const { clock, exposures, countersOf, record } = setUp(
      { ...slow, name: "slow" },
      { limits: { maxConcurrent: 1 } },
    );
    for (const key of ["a", "b"]) record(subject(key));
    const logger = createLogger();
    exposures.dispatcher.setLoggers({ ...logger, name: "new" });
    record(subject("c"));
    calls[0]!.fulfil();
    await clock.advance(0);
    expect([slow.subjects, logger.events.map((it) => it.subject)]).toEqual([["a", "b"], ["c"]]);
    expect(countersOf("slow")).toMatchObject({ accepted: 2, delivered: 1, inFlight: 1 });
  });

  it("continues the counters of the same name", () => {
    const { exposures, countersOf, record } = setUp(createLogger());
    record(subject("a"));
    exposures.dispatcher.setLoggers(createLogger());
    record(subject("b"));
    expect(countersOf()).toMatchObject({ accepted: 2, delivered: 2 });
  });

  it("may be the same logger, and keeps its order", async () => {
    const { calls, ...slow } = createSlowLogger();
    const { clock, exposures, record } = setUp(slow, { limits: { maxConcurrent: 1 } });
    for (const key of ["a", "b"]) record(subject(key));
    exposures.dispatcher.setLoggers(null);
    exposures.dispatcher.setLoggers(slow);
    record(subject("c"));
    for (let i = 0; i < 3; i++) {
      calls[i]!.fulfil();
      await clock.advance(0);
    }
    expect(slow.subjects).toEqual(["a", "b", "c"]);
  });
});

describe("the counters", () => {
  it("are a frozen copy", () => {
    const { exposures } = setUp(createLogger());
    const { counters } = exposures;
    const countersOf = counters.loggers["assignmentLogger"]!;
    expect([
      counters,
      counters.refused,
      counters.loggers,
      countersOf,
      countersOf.dropped,
    ]).toSatisfy((parts: readonly object[]) => parts.every(Object.isFrozen));
  });

  it("show the result of the logger's stats", () => {
    const { countersOf } = setUp({ logAssignment() {}, stats: () => ({ accepted: 5 }) });
    expect(countersOf().downstream).toEqual({ accepted: 5 });
  });

  it.each([
    {
      stats: () => {
        throw new Error("no");
      },
      because: "it throws",
    },
    { stats: () => 5 as never, because: "its result is not an object" },
  ])("omit the logger's stats, because $because", ({ stats }) => {
    const { countersOf } = setUp({ logAssignment() {}, stats });
    expect("downstream" in countersOf()).toBe(false);
  });

  it("treat a logger called __proto__ as ordinary", () => {
    const { exposures, record } = setUp({ name: "__proto__", logAssignment() {} });
    record();
    expect(Object.keys(exposures.counters.loggers)).toEqual(["__proto__"]);
  });
});
