import { describe, expect, it } from "vitest";
import { Configuration, createClient } from "../../test/eppo-client.js";
import { createClient as createCoreClient } from "../create-client.js";
import { eppo } from "../eppo/factory.js";
import type { OptionError } from "../errors/errors.js";
import type { Dialect } from "../model/dialect.js";
import { type ClientOptions, clientReaders } from "./options.js";

const configuration = Configuration.from({ flagsConfiguration: '{"flags":{}}' });
const source = {
  kind: "polling",
  intervalMs: 30_000,
  dialect: null,
  subscribe: () => ({ end: async () => {} }),
  refresh: async () => ({ outcome: "unchanged" }),
};
const other: Dialect = { ...eppo(), name: "other" };

/** Returns the error that these options, of any shape, cause. */
function errorOf(options: object): OptionError {
  try {
    createClient(options as ClientOptions);
  } catch (error) {
    return error as OptionError;
  }
  throw new Error("the options were accepted");
}

describe("a bad value", () => {
  it.each([
    { option: "dialect", options: { dialect: "eppo" } },
    { option: "dialect", options: { dialect: { name: "x" } } },
    { option: "dialect", options: { dialect: { ...eppo(), name: undefined } } },
    { option: "source", options: { source: null } },
    { option: "source", options: { source: { subscribe() {} } } },
    { option: "source", options: { source: { ...source, dialect: other }, dialect: eppo() } },
    { option: "initialConfiguration", options: { initialConfiguration: "{}" } },
    { option: "initialConfiguration", options: { initialConfiguration: null } },
    {
      option: "initialConfiguration",
      options: { initialConfiguration: configuration, dialect: other },
    },
    { option: "initializationTimeoutMs", options: { initializationTimeoutMs: -1 } },
    { option: "initializationTimeoutMs", options: { initializationTimeoutMs: 600_001 } },
    { option: "initializationTimeoutMs", options: { initializationTimeoutMs: 1.5 } },
    { option: "initializationTimeoutMs", options: { initializationTimeoutMs: "5" } },
    { option: "staleAfterMs", options: { staleAfterMs: 29_999, source } },
    { option: "staleAfterMs", options: { staleAfterMs: "never" } },
    { option: "assignmentLogger", options: { assignmentLogger: {} } },
    { option: "assignmentLogger", options: { assignmentLogger: () => {} } },
    { option: "deduplication", options: { deduplication: true } },
    { option: "deduplication", options: { deduplication: null } },
    { option: "deduplication.assignments", options: { deduplication: { assignments: 5 } } },
    {
      option: "deduplication.assignments.max",
      options: { deduplication: { assignments: { max: -1 } } },
    },
    {
      option: "deduplication.assignments.max",
      options: { deduplication: { assignments: { max: 0.5 } } },
    },
    {
      option: "deduplication.assignments.ttlMs",
      options: { deduplication: { assignments: { max: 1, ttlMs: 0 } } },
    },
    {
      option: "deduplication.assignments.ttlMs",
      options: { deduplication: { assignments: { max: 1, ttlMs: "5" } } },
    },
    {
      option: "deduplication.bandits.rule",
      options: { deduplication: { bandits: { max: 1, rule: "first" } } },
    },
    {
      option: "deduplication.assignments",
      options: { deduplication: { assignments: { has() {}, reserve() {} } } },
    },
    { option: "assignmentLogger", options: { assignmentLogger: [] } },
    { option: "assignmentLogger", options: { assignmentLogger: [{ logAssignment() {} }, {}] } },
    {
      option: "assignmentLogger",
      options: { assignmentLogger: [{ name: "1", logAssignment() {} }, { logAssignment() {} }] },
    },
    { option: "assignmentLogger", options: { assignmentLogger: { name: 5, logAssignment() {} } } },
    { option: "exposures.maxConcurrent", options: { exposures: { maxConcurrent: 0 } } },
    { option: "exposures.maxQueueEvents", options: { exposures: { maxQueueEvents: 0.5 } } },
    { option: "exposures.maxQueueBytes", options: { exposures: { maxQueueBytes: "5" } } },
    { option: "exposures.loggerTimeoutMs", options: { exposures: { loggerTimeoutMs: 2 ** 31 } } },
    { option: "exposures.overflow", options: { exposures: { overflow: "drop-all" } } },
    { option: "isGracefulMode", options: { isGracefulMode: "yes" } },
    { option: "overrides", options: { overrides: null } },
    { option: "overrides", options: { overrides: 5 } },
    { option: "overrides.f", options: { overrides: { f: 5 } } },
    { option: "overrides.f", options: { overrides: { f: { key: 1, value: 1 } } } },
    { option: "overrides.f", options: { overrides: { f: { key: "on" } } } },
    { option: "exposures", options: { exposures: null } },
    {
      option: "exposures.includeEvaluationDetails",
      options: { exposures: { includeEvaluationDetails: 1 } },
    },
    { option: "diagnostics", options: { diagnostics: { warn() {} } } },
    { option: "clock", options: { clock: null } },
    { option: "clock.now", options: { clock: { now: 5 } } },
    { option: "clock.setTimer", options: { clock: { setTimer: "x" } } },
    { option: "random", options: { random: 0.5 } },
    { option: "signal", options: { signal: { aborted: false } } },
  ])("of $option is refused by name", ({ option, options }) => {
    expect(errorOf(options)).toMatchObject({ code: "SORTITION_OPTION", option });
  });

  it("is not shown, unless it is a number or a boolean", () => {
    expect(errorOf({ isGracefulMode: "secret" }).message).toBe(
      'isGracefulMode: expected a boolean, got string: compare it, as in value === "true", see https://github.com/sortition/sortition/blob/main/docs/reference/client.md',
    );
  });

  it("starts nothing", () => {
    let starts = 0;
    const counting = {
      ...source,
      subscribe() {
        starts += 1;
        return { end: async () => {} };
      },
    };
    errorOf({ source: counting, initializationTimeoutMs: -1 });
    expect(starts).toBe(0);
  });
});

describe("a bad logger", () => {
  const logger = { name: "events", logAssignment() {} };
  it.each([
    { assignmentLogger: () => {}, message: "write { logAssignment: (event) => … }" },
    { assignmentLogger: [logger, () => {}], message: "write { logAssignment: (event) => … }" },
    {
      assignmentLogger: [logger, logger],
      message: 'got two named "events": rename one of them',
    },
    {
      assignmentLogger: { events: logger, audit: logger },
      message: "pass several loggers as a list",
    },
    { assignmentLogger: { events: {} }, message: "write { logAssignment: (event) => … }" },
  ])("is rejected with a hint: $message", ({ assignmentLogger, message }) => {
    expect(errorOf({ assignmentLogger }).message).toContain(message);
  });

  it("is not a function that has the method of a logger", () => {
    const assignmentLogger = Object.assign(() => {}, { logAssignment() {} });
    expect(() => createClient({ assignmentLogger } as ClientOptions)).not.toThrow();
  });
});

describe("an unknown name", () => {
  it.each([
    {
      options: { initializationTimeout: 5 },
      message:
        "initializationTimeout: unknown option; use initializationTimeoutMs, in milliseconds",
    },
    { options: { LOGGER: 5, assignmentlogger: 5 }, message: "LOGGER: unknown option" },
    { options: { assignmentlogger: 5 }, message: "did you mean assignmentLogger?" },
    { options: { gracefulMode: 5 }, message: "did you mean isGracefulMode?" },
    {
      options: { deduplication: { assignment: false } },
      message: "deduplication.assignment: unknown option, did you mean assignments?",
    },
    {
      options: { deduplication: { assignments: { max: 5, ttlMS: 5 } } },
      message: "deduplication.assignments.ttlMS: unknown option; use ttlMs, in milliseconds",
    },
    {
      options: { exposures: { maxQueueEvent: true } },
      message: "exposures.maxQueueEvent: unknown option, did you mean maxQueueEvents?",
    },
  ])("is refused: $message", ({ options, message }) => {
    expect(errorOf(options).message).toContain(message);
  });

  const CONTENT = "Configuration.from({ flagsConfiguration })";
  it.each([
    [
      { source: "{}" },
      `source: is the content of a configuration: pass initialConfiguration: ${CONTENT}`,
    ],
    [
      { source: "flags.json" },
      'source: is a string: for the path of a file, pass fileSource("flags.json")',
    ],
    [
      { source: () => {} },
      "source: is a function: call it, as in source: redis({ redis, origin })",
    ],
    [{ subscribe() {}, refresh() {}, intervalMs: 1 }, "options: is a source: pass { source }"],
    [{ fetchOnce() {} }, "options: is an origin: pass { source: pollingSource(origin) }"],
    [
      { assignmentLogger: { logAssignment() {}, flush: true } },
      "assignmentLogger.flush: expected a function, got true",
    ],
    [{ clock: new Date() }, "clock: is a Date: write { now: () => date.getTime() }"],
    [{ source: { flags: {} } }, `pass initialConfiguration: ${CONTENT}`],
    [{ source: configuration }, "source: is a configuration: pass it as initialConfiguration"],
    [{ source: { fetchOnce() {} } }, "source: is an origin: write pollingSource(origin)"],
    [
      { initialConfiguration: "{}" },
      `initialConfiguration: expected a Configuration, got string: pass ${CONTENT}`,
    ],
    [
      { initialConfiguration: Configuration.load({ flagsConfiguration: '{"flags":{}}' }) },
      "is a promise: await it",
    ],
    [
      { initialConfiguration: configuration, initializationTimeoutMs: -5 },
      "initializationTimeoutMs",
    ],
    [
      { exposures: { maxQueueSize: 5 } },
      "exposures.maxQueueSize: unknown option; use maxQueueEvents",
    ],
    [{ exposures: { flushIntervalMs: 5 } }, "not needed: events go to your logger immediately"],
    [{ clock: function fakeClock() {} }, "clock: is a function: call it, fakeClock()"],
    [{ initialConfiguration: [] }, "initialConfiguration: is a list: pass one Configuration"],
    [{ source: createClient({}) }, "source: is a client: pass its source"],
    [{ overrides: ["checkout"] }, "overrides: is a list: pass { flagKey: variationKey }"],
    [
      { diagnostics: "debug" },
      'diagnostics: expected an object, such as consoleDiagnostics("debug")',
    ],
  ])("and a value of another kind are refused with what to pass: %#", (options, message) => {
    expect(errorOf(options).message).toContain(message);
  });

  it("is not looked for in null", () => {
    expect(() => createCoreClient(null as never)).toThrow("options: expected an object, got null");
  });

  it("is ignored if its value is undefined", () => {
    expect(() => createClient({ pollInterval: undefined } as ClientOptions)).not.toThrow();
  });
});

describe("a good value", () => {
  it.each(Object.keys(clientReaders()))("of %s may be undefined", (name) => {
    expect(() => createClient({ [name]: undefined })).not.toThrow();
  });

  it.each([
    { options: { initializationTimeoutMs: 0 }, because: "0 means not to wait" },
    { options: { staleAfterMs: null }, because: "null means never" },
    { options: { assignmentLogger: null }, because: "null means off" },
    { options: { deduplication: false as const }, because: "false means off" },
    { options: { deduplication: { assignments: { max: 0 } } }, because: "0 keeps nothing" },
    {
      options: { deduplication: { assignments: { max: Number.POSITIVE_INFINITY, ttlMs: 1 } } },
      because: "everything may be kept",
    },
    { options: { overrides: {} }, because: "there may be none" },
    {
      options: {
        assignmentLogger: new (class {
          logAssignment(): void {}
        })(),
      },
      because: "methods may be inherited",
    },
  ])("is accepted: $options, because $because", ({ options }) => {
    expect(() => createClient(options)).not.toThrow();
  });
});

describe("the dialect", () => {
  it.each([
    { options: {}, name: "eppo", because: "it is the native one" },
    { options: { dialect: other }, name: "other", because: "it is given" },
    {
      options: { source: { ...source, dialect: other } as never },
      name: "other",
      because: "the source speaks it",
    },
  ])("is $name, because $because", ({ options, name }) => {
    expect(createClient(options).status.dialect).toBe(name);
  });

  it("is named by the error about another vendor's payload", () => {
    const flagsConfiguration = '{"features":{"a":{"defaultValue":true}}}';
    expect(() => Configuration.from({ flagsConfiguration })).toThrow(
      "this looks like GrowthBook's payload: use the dialect growthbook, growthbook() from",
    );
  });
});
