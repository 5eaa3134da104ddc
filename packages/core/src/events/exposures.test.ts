import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Configuration } from "../model/configuration.js";
import type { AssignmentEvent, EventMetadata, ExposureBase } from "../model/exposure.js";
import type { Diagnostics, Facts } from "../runtime/diagnostics.js";
import { Deduplicator } from "./dedupe.js";
import type { ExposureOutcome } from "./exposure-outcome.js";
import { type ExposureContext, Exposures, type LoggerSlot } from "./exposures.js";

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const metaData: EventMetadata = {
  obfuscated: false,
  sdkLanguage: "javascript",
  sdkName: "sdk",
  sdkLibVersion: "1",
};
// Nothing else of it is read.
const configuration = { format: "SERVER" } as Configuration;

function baseOf(overrides: Partial<ExposureBase> = {}): ExposureBase {
  return {
    featureFlag: "checkout",
    allocation: "all",
    variation: "on",
    entityId: null,
    extraLogging: {},
    ...overrides,
  };
}

function contextOf(overrides: Partial<ExposureContext> = {}): ExposureContext {
  return {
    flagKey: "checkout",
    subject: { key: "alice", attributes: { plan: "pro" } },
    configuration,
    nowMs: () => NOW_MS,
    ...overrides,
  };
}

function subject(key: string): ExposureContext {
  return contextOf({ subject: { key, attributes: {} } });
}

interface Report {
  readonly level: string;
  readonly message: string;
  readonly facts: Facts | undefined;
}

function setUp(logger: LoggerSlot, isDeduplicated = true) {
  const reports: Report[] = [];
  const note = (level: string) => (message: string, facts?: Facts) => {
    reports.push({ level, message, facts });
  };
  const diagnostics: Diagnostics = {
    debug: note("debug"),
    info: note("info"),
    warn: note("warn"),
    error: note("error"),
  };
  const exposures = new Exposures({
    logger,
    deduplicator: isDeduplicated ? new Deduplicator({ max: 1_000 }, () => 0) : null,
    banditDeduplicator: null,
    metaDataOf: () => metaData,
    diagnostics,
  });
  const record = (context = contextOf(), base = baseOf()): ExposureOutcome =>
    exposures.record(base, context, null);
  return { exposures, record, reports };
}

function createLogger() {
  const events: AssignmentEvent[] = [];
  const logAssignment = (event: AssignmentEvent): void => {
    events.push(event);
  };
  return { events, logAssignment };
}

function lawHolds({ counters }: Exposures): boolean {
  const { accepted, delivered, failed, dropped, buffered, inFlight } = counters;
  return accepted === delivered + failed + dropped + buffered + inFlight;
}

describe("an assignment event", () => {
  it("has the members of the vendor's event, and a message id", () => {
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
        metaData,
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

  it("lets no extra logging replace a member", () => {
    const logger = createLogger();
    const names = ["allocation", "experiment", "subject", "timestamp", "messageId", "metaData"];
    const extraLogging = Object.fromEntries(names.map((name) => [name, "forged"]));
    setUp(logger).record(contextOf(), baseOf({ extraLogging }));
    expect(Object.values(logger.events[0]!)).not.toContain("forged");
  });

  it("takes extra logging called __proto__ for ordinary", () => {
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

  it("has the attributes of the moment when it had to wait", () => {
    const logger = createLogger();
    const { exposures, record } = setUp(undefined);
    const attributes: Record<string, string> = { plan: "pro" };
    record(contextOf({ subject: { key: "alice", attributes } }));
    attributes["plan"] = "free";
    exposures.setLogger(logger);
    expect(logger.events[0]!.subjectAttributes).toEqual({ plan: "pro" });
  });

  it("names the requested key if the flag does not know its own", () => {
    const logger = createLogger();
    setUp(logger).record(contextOf({ flagKey: "asked" }), baseOf({ featureFlag: null }));
    expect(logger.events[0]).toMatchObject({ featureFlag: "asked", experiment: "asked-all" });
  });

  it("has no experiment without an allocation", () => {
    const logger = createLogger();
    setUp(logger).record(contextOf(), baseOf({ allocation: null }));
    expect(logger.events[0]!.experiment).toBeNull();
  });

  it("has details only if there are some", () => {
    const logger = createLogger();
    const { exposures } = setUp(logger, false);
    exposures.record(baseOf(), contextOf(), null);
    exposures.record(baseOf(), contextOf(), { why: 1 });
    expect(logger.events.map((it) => "evaluationDetails" in it)).toEqual([false, true]);
  });

  it("has the same message id wherever it is made", () => {
    const [a, b] = [createLogger(), createLogger()];
    setUp(a).record();
    setUp(b).record();
    expect(a.events[0]!.messageId).toBe(b.events[0]!.messageId);
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
      because: "a BigInt has no JSON text",
    },
  ])("that cannot be made is dropped, because $because", ({ context }) => {
    const { exposures, record } = setUp(createLogger());
    expect(record(context)).toEqual({ logged: false, reason: "dropped", messageId: null });
    expect(lawHolds(exposures)).toBe(true);
  });
});

describe("a logger", () => {
  it("gets the same exposure once", () => {
    const logger = createLogger();
    const { record } = setUp(logger);
    record();
    expect(record()).toEqual({ logged: false, reason: "deduplicated", messageId: null });
    expect(logger.events).toHaveLength(1);
  });

  it("gets each one without deduplication", () => {
    const logger = createLogger();
    const { record } = setUp(logger, false);
    record();
    record();
    expect(logger.events).toHaveLength(2);
  });

  it("gets A, B, A as three", () => {
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

  it("that throws does not reach the caller", () => {
    const { record } = setUp({
      logAssignment() {
        throw new Error("full");
      },
    });
    expect(record()).toEqual({ logged: false, reason: "logger-failed", messageId: null });
  });

  it("that threw is asked again", () => {
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

  it("that fails is reported without the event", () => {
    const { record, reports } = setUp({
      logAssignment() {
        throw new Error("full");
      },
    });
    record();
    expect(reports).toEqual([
      {
        level: "error",
        message: "logger failed",
        facts: { code: "SORTITION_LOGGER", flag: "checkout", error: expect.any(Error) },
      },
    ]);
  });

  it("that rejects is asked again", async () => {
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
    let reject = (_: Error): void => {};
    const variations: (string | null)[] = [];
    const { exposures, record } = setUp({
      logAssignment(event) {
        variations.push(event.variation);
        if (event.variation !== "A") return undefined;
        return new Promise((_, fail) => {
          reject = fail;
        });
      },
    });
    record(contextOf(), baseOf({ variation: "A" }));
    record(contextOf(), baseOf({ variation: "B" }));
    reject(new Error("late"));
    await exposures.settle(new Promise(() => {}));
    record(contextOf(), baseOf({ variation: "B" }));
    expect(variations).toEqual(["A", "B"]);
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

  it("that evaluates another flag gets that exposure, too", () => {
    const flags: string[] = [];
    const { exposures, record } = setUp({
      logAssignment({ featureFlag }) {
        flags.push(featureFlag);
        if (featureFlag === "checkout") record(contextOf(), baseOf({ featureFlag: "nested" }));
      },
    });
    record();
    expect(flags).toEqual(["checkout", "nested"]);
    expect(lawHolds(exposures)).toBe(true);
  });

  it("may return any thenable", async () => {
    const { exposures, record } = setUp({
      // biome-ignore lint/suspicious/noThenProperty: this is what a foreign promise looks like.
      logAssignment: () => ({ then: (done: () => void) => done() }),
    });
    record();
    await exposures.settle(new Promise(() => {}));
    expect(exposures.counters).toMatchObject({ delivered: 1, inFlight: 0 });
  });
});

describe("without a logger", () => {
  it("the first hundred are kept, and delivered in order", () => {
    const logger = createLogger();
    const { exposures, record } = setUp(undefined);
    for (let i = 0; i < 250; i++) record(subject(`${i}`));
    exposures.setLogger(logger);
    expect(logger.events.map((it) => it.subject)).toEqual(
      Array.from({ length: 100 }, (_, i) => `${i}`),
    );
  });

  it("the others are dropped", () => {
    const { exposures, record } = setUp(undefined);
    for (let i = 0; i < 250; i++) record(subject(`${i}`));
    expect(exposures.counters).toMatchObject({ accepted: 250, dropped: 150, buffered: 100 });
  });

  it("what was dropped is logged when it is seen again", () => {
    const logger = createLogger();
    const { exposures, record } = setUp(undefined);
    for (let i = 0; i < 101; i++) record(subject(`${i}`));
    exposures.setLogger(logger);
    expect(record(subject("100")).reason).toBe("delivered");
  });

  it("what waited is given up when logging is switched off, and logged when seen again", () => {
    const logger = createLogger();
    const { exposures, record } = setUp(undefined);
    record();
    exposures.setLogger(null);
    exposures.setLogger(logger);
    expect([exposures.counters.dropped, record().reason]).toEqual([1, "delivered"]);
  });

  it("nothing is made when logging is off", () => {
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

  it("what waits is dropped", () => {
    const { exposures, record } = setUp(undefined);
    record();
    exposures.close();
    exposures.dropBuffered();
    expect(exposures.counters).toMatchObject({ accepted: 1, buffered: 0, dropped: 1 });
  });
});

describe("settle", () => {
  it("counts what was waiting when it began, and how it ended", async () => {
    const ends: { resolve(): void; reject(error: Error): void }[] = [];
    const { exposures, record } = setUp({
      logAssignment: () =>
        new Promise<void>((resolve, reject) => {
          ends.push({ resolve, reject });
        }),
    });
    for (const key of ["a", "b", "c"]) record(subject(key));
    let expire = (): void => {};
    const settled = exposures.settle(
      new Promise((resolve) => {
        expire = resolve;
      }),
    );
    record(subject("later"));
    ends[0]!.resolve();
    ends[1]!.reject(new Error("no"));
    await new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));
    expire();
    expect(await settled).toEqual({ delivered: 1, failed: 1, dropped: 0, pending: 1 });
  });
});

describe("the counters", () => {
  it("are a frozen copy", () => {
    const { exposures } = setUp(null);
    const { counters } = exposures;
    expect([Object.isFrozen(counters), Object.isFrozen(counters.refused)]).toEqual([true, true]);
  });

  it("obey the conservation law after any history", async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant("record" as const), key: fc.nat(6) }) },
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constantFrom("fulfil" as const, "reject" as const),
          index: fc.nat(5),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant("logger" as const),
          kind: fc.constantFrom("sync", "throws", "async", "nested", "off"),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constantFrom("close" as const, "drop" as const) }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("rest" as const) }) },
    );
    const history = async (
      steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
    ) => {
      const { exposures, record } = setUp(undefined);
      const inFlight: { fulfil(): void; reject(): void }[] = [];
      const loggers: Record<string, LoggerSlot> = {
        sync: { logAssignment() {} },
        throws: {
          logAssignment() {
            throw new Error("no");
          },
        },
        async: {
          logAssignment: () =>
            new Promise<void>((resolve, reject) => {
              inFlight.push({ fulfil: resolve, reject: () => reject(new Error("no")) });
            }),
        },
        nested: {
          logAssignment: ({ subject: key }) => {
            record(subject(`${key}'`.slice(0, 4)));
          },
        },
        off: null,
      };
      for (const it of steps) {
        if (it.do === "record") record(subject(`${it.key}`));
        else if (it.do === "logger") exposures.setLogger(loggers[it.kind] ?? null);
        else if (it.do === "rest") await Promise.resolve();
        else if ("index" in it) inFlight[it.index]?.[it.do]();
        else if (it.do === "close") exposures.close();
        else exposures.dropBuffered();
        expect(lawHolds(exposures)).toBe(true);
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 80 }), history), { numRuns: 500 });
  });
});
