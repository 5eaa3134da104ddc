import { describe, expect, it, vi } from "vitest";
import { Configuration, createClient } from "../../../test/eppo-client.js";
import type { EvaluationDetails } from "../../eppo/evaluation-details.js";
import { EvaluationError } from "../../errors/errors.js";
import type { AssignmentEvent } from "../../model/exposure.js";
import type { ClientOptions } from "../options.js";

const NOW_MS = Date.UTC(2026, 0, 1);
const everybody = [{ shards: [], variationKey: "on" }];

function flag(variationType: string, value: unknown, overrides: object = {}): object {
  return {
    key: "f",
    enabled: true,
    variationType,
    totalShards: 10_000,
    variations: { on: { key: "on", value } },
    allocations: [{ key: "all", splits: everybody, doLog: true }],
    ...overrides,
  };
}

const flags: Record<string, object> = {
  boolean: flag("BOOLEAN", true),
  integer: flag("INTEGER", 5),
  numeric: flag("NUMERIC", 5.5),
  string: flag("STRING", "yes"),
  json: flag("JSON", '{"list":[1]}'),
  "json-null": flag("JSON", "null"),
  "json-broken": flag("JSON", "{"),
  quiet: flag("STRING", "yes", { allocations: [{ key: "all", splits: everybody }] }),
  disabled: flag("STRING", "yes", { enabled: false }),
  nobody: flag("STRING", "yes", { allocations: [] }),
  "wrong-value": flag("STRING", 5),
  broken: flag("STRING", "yes", { allocations: 5 }),
  strange: flag({ toString: 1 } as never, "yes"),
  sharded: flag("STRING", "yes", {
    allocations: [
      {
        key: "all",
        splits: [{ shards: [{ salt: "s", ranges: [{ start: 0, end: 1e9 }] }], variationKey: "on" }],
        doLog: true,
      },
    ],
  }),
  "pro-or-old": flag("STRING", "yes", {
    allocations: [
      {
        key: "some",
        rules: [
          { conditions: [{ attribute: "age", operator: "GTE", value: 70 }] },
          { conditions: [{ attribute: "plan", operator: "ONE_OF", value: ["pro"] }] },
        ],
        splits: everybody,
        doLog: true,
      },
    ],
  }),
  pro: flag("STRING", "yes", {
    allocations: [
      {
        key: "pro-only",
        rules: [{ conditions: [{ attribute: "plan", operator: "ONE_OF", value: ["pro"] }] }],
        splits: everybody,
        doLog: true,
      },
      { key: "rest", splits: [] },
    ],
  }),
};
const configuration = Configuration.from({
  flagsConfiguration: JSON.stringify({
    createdAt: "2025-12-31T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags,
  }),
  fetchedAtMs: NOW_MS,
});

function setUp(options: ClientOptions = {}) {
  const events: AssignmentEvent[] = [];
  const warnings: string[] = [];
  const client = createClient({
    initialConfiguration: configuration,
    assignmentLogger: { logAssignment: (event: AssignmentEvent) => events.push(event) },
    clock: { now: () => NOW_MS },
    diagnostics: {
      debug() {},
      info() {},
      warn: (message) => warnings.push(message),
      error: (message) => warnings.push(message),
    },
    ...(options as ClientOptions<EvaluationDetails>),
  });
  return { client, events, warnings };
}

describe("a getter", () => {
  const { client } = setUp();

  it.each([
    "missing",
    "disabled",
    "nobody",
    "wrong-value",
    "broken",
    "integer",
    "__proto__",
    "strange",
  ])("returns the default for the flag %s", (key) => {
    expect(client.getStringAssignment(key, "alice", {}, "default")).toBe("default");
  });

  it("does not treat an integer flag as a numeric one", () => {
    expect(client.getNumericAssignment("integer", "alice", {}, 0.5)).toBe(0.5);
  });

  it("returns the default for JSON null", () => {
    const fallback = { a: 1 };
    expect(client.getJSONAssignment("json-null", "alice", {}, fallback)).toBe(fallback);
  });

  it.each([null, undefined])("accepts %s instead of attributes", (attributes) => {
    expect(client.getStringAssignment("pro", "alice", attributes, "default")).toBe("default");
  });

  it("accepts a blank as a key", () => {
    expect(client.getStringAssignment("string", " ", {}, "default")).toBe("yes");
  });

  it("returns a separate JSON value to each caller", () => {
    const first = client.getJSONAssignment<{ list: number[] }>("json", "alice", {}, { list: [] });
    first.list.push(2);
    expect(client.getJSONAssignment("json", "alice", {}, {})).toEqual({ list: [1] });
  });
});

describe("details", () => {
  const { client } = setUp();
  const detailsOf = (key: string, subject = "alice") =>
    client.getStringAssignmentDetails(key, subject, {}, "default");

  it.each([
    { key: "string", reason: "static", code: "MATCH", value: "yes" },
    { key: "missing", reason: "flag-not-found", code: "FLAG_UNRECOGNIZED_OR_DISABLED" },
    { key: "disabled", reason: "disabled", code: "FLAG_UNRECOGNIZED_OR_DISABLED" },
    { key: "nobody", reason: "no-allocation", code: "DEFAULT_ALLOCATION_NULL" },
    {
      key: "integer",
      reason: "error",
      errorCode: "SORTITION_TYPE_MISMATCH",
      code: "TYPE_MISMATCH",
    },
    {
      key: "wrong-value",
      reason: "error",
      errorCode: "SORTITION_TYPE_MISMATCH",
      code: "ASSIGNMENT_ERROR",
    },
    { key: "broken", reason: "error", errorCode: "SORTITION_DECODE", code: "ASSIGNMENT_ERROR" },
    { key: "", reason: "error", errorCode: "SORTITION_INVALID_ARGUMENT", code: "ASSIGNMENT_ERROR" },
    {
      key: "strange",
      reason: "error",
      errorCode: "SORTITION_TYPE_MISMATCH",
      code: "ASSIGNMENT_ERROR",
    },
  ])(
    "of the flag $key give the reason $reason",
    ({ key, reason, errorCode = null, code, value = "default" }) => {
      expect(detailsOf(key)).toMatchObject({
        value,
        action: null,
        reason,
        errorCode,
        evaluationDetails: { flagEvaluationCode: code },
      });
    },
  );

  it("of a blank subject name the argument", () => {
    expect(detailsOf("string", "").evaluationDetails.flagEvaluationDescription).toBe(
      "Assignment Error: Invalid argument: subjectKey cannot be blank",
    );
  });

  it("of a subject key that cannot be hashed are an error", () => {
    expect(detailsOf("sharded", "\ud800").errorCode).toBe("SORTITION_EVALUATION");
  });

  it("have their own copy of a JSON value", () => {
    const { value, evaluationDetails } = client.getJSONAssignmentDetails("json", "a", {}, {});
    expect(evaluationDetails.variationValue).toEqual(value);
    expect(evaluationDetails.variationValue).not.toBe(value);
  });

  it("have their own copy of a rule", () => {
    const ask = () => client.getStringAssignmentDetails("pro", "a", { plan: "pro" }, "x");
    const rule = ask().evaluationDetails.matchedRule as { conditions: { value: string[] }[] };
    rule.conditions[0]!.value.push("free");
    expect(ask().evaluationDetails.matchedRule).toEqual(
      (flags["pro"] as { allocations: { rules: unknown[] }[] }).allocations[0]!.rules[0],
    );
    expect(client.getStringAssignment("pro", "b", { plan: "free" }, "default")).toBe("default");
  });

  it.each([
    { key: "string", outcome: { logged: true, reason: "delivered" } },
    { key: "quiet", outcome: { logged: false, reason: "not-loggable" } },
    { key: "missing", outcome: { logged: false, reason: "default" } },
    { key: "nobody", outcome: { logged: false, reason: "default" } },
    { key: "broken", outcome: { logged: false, reason: "default" } },
    { key: "wrong-value", outcome: { logged: true, reason: "delivered" } },
  ])("of the flag $key have the exposure $outcome", ({ key, outcome }) => {
    const { client } = setUp();
    const { exposure } = client.getStringAssignmentDetails(key, "alice", {}, "default");
    expect(exposure).toMatchObject(outcome);
  });

  it("distinguish the second exposure from the first", () => {
    const { client } = setUp();
    client.getStringAssignment("string", "alice", {}, "");
    const { exposure } = client.getStringAssignmentDetails("string", "alice", {}, "");
    expect(exposure).toEqual({ logged: false, reason: "deduplicated", messageId: null });
  });

  it("name the event by its id", () => {
    const { client, events } = setUp();
    const { exposure } = client.getStringAssignmentDetails("string", "alice", {}, "");
    expect(exposure.messageId).toBe(events[0]!.messageId);
  });
});

describe("an event", () => {
  it.each([
    { withDetails: false, ask: "getStringAssignment" as const, includes: undefined },
    { withDetails: true, ask: "getStringAssignmentDetails" as const, includes: undefined },
    { withDetails: true, ask: "getStringAssignment" as const, includes: true },
  ])(
    "has details: $withDetails after $ask with includeEvaluationDetails $includes",
    ({ withDetails, ask, includes }) => {
      const exposures = includes === undefined ? {} : { includeEvaluationDetails: includes };
      const { client, events } = setUp({ exposures });
      client[ask]("string", "alice", {}, "");
      expect("evaluationDetails" in events[0]!).toBe(withDetails);
    },
  );

  it("has details that are only created if it is logged", () => {
    let traces = 0;
    const { client, events } = setUp({ exposures: { includeEvaluationDetails: true } });
    const { dialect } = client.getConfiguration()!; // setUp sets a configuration
    const { createTrace } = dialect;
    const spied = vi.spyOn(dialect, "createTrace").mockImplementation(() => {
      traces += 1;
      return createTrace();
    });
    for (let i = 0; i < 3; i++) client.getStringAssignment("string", "alice", {}, "");
    spied.mockRestore();
    expect([events.length, traces]).toEqual([1, 1]);
  });

  it("is logged again after the memory of logged events was replaced", () => {
    const { client, events } = setUp();
    const ask = (): string => client.getStringAssignment("string", "alice", {}, "");
    for (let i = 0; i < 2; i++) ask();
    client.setDeduplication({ bandits: false });
    ask();
    expect(events).toHaveLength(1);
    client.setDeduplication({ assignments: { max: 5 } });
    for (let i = 0; i < 2; i++) ask();
    expect(events).toHaveLength(2);
    client.setDeduplication({ assignments: false });
    for (let i = 0; i < 2; i++) ask();
    expect(events).toHaveLength(4);
    expect(() => client.setDeduplication({ assignments: { max: -1 } })).toThrow("assignments.max");
  });

  it("has the caller's attributes, without an id", () => {
    const { client, events } = setUp();
    const attributes = { plan: "pro" };
    client.getStringAssignment("pro", "alice", attributes, "");
    expect(events[0]!.subjectAttributes).toBe(attributes);
  });
});

describe("strict mode", () => {
  const { client } = setUp({ isGracefulMode: false });

  it.each([
    { key: "integer", subject: "alice", code: "SORTITION_TYPE_MISMATCH" },
    { key: "broken", subject: "alice", code: "SORTITION_EVALUATION" },
    { key: "string", subject: "", code: "SORTITION_INVALID_ARGUMENT" },
    { key: "", subject: "alice", code: "SORTITION_INVALID_ARGUMENT" },
    { key: "sharded", subject: "\ud800", code: "SORTITION_EVALUATION" },
  ])("throws $code for the flag '$key' and the subject '$subject'", ({ key, subject, code }) => {
    const ask = (): string => client.getStringAssignment(key, subject, {}, "default");
    expect(ask).toThrow(EvaluationError);
    expect(ask).toThrow(expect.objectContaining({ code, flagKey: key }));
  });

  it.each(["missing", "disabled", "nobody"])("does not throw for the flag %s", (key) => {
    expect(client.getStringAssignment(key, "alice", {}, "default")).toBe("default");
  });

  it("also throws from details getters", () => {
    expect(() => client.getStringAssignmentDetails("broken", "alice", {}, "")).toThrow();
  });

  it("does not throw without a configuration", () => {
    const empty = createClient({ isGracefulMode: false, diagnostics: silent });
    expect(empty.getStringAssignment("string", "alice", {}, "default")).toBe("default");
  });

  it("can be switched off and on", () => {
    const { client } = setUp();
    client.setIsGracefulMode(false);
    expect(() => client.getStringAssignment("broken", "alice", {}, "")).toThrow();
    client.setIsGracefulMode(true);
    expect(client.getStringAssignment("broken", "alice", {}, "x")).toBe("x");
  });
});

const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe("graceful mode", () => {
  it.each([
    { clock: { now: () => Number.NaN }, because: "the clock returns NaN" },
    { clock: { now: () => 1e300 }, because: "the clock is beyond all dates" },
    {
      clock: {
        now: (): number => {
          throw new Error("no");
        },
        monotonicMs: (): number => {
          throw new Error("no");
        },
      },
      because: "the clock throws",
    },
  ])("returns a value although $because", ({ clock }) => {
    const { client, events } = setUp({ clock });
    expect(client.getStringAssignment("string", "alice", {}, "default")).toBe("yes");
    expect(events).toHaveLength(1);
  });

  it("reads only the attributes of the current subject", () => {
    const { client } = setUp();
    const inheriting = Object.create({ plan: "pro" });
    const answers = (attributes: object) =>
      ["pro-or-old", "pro"].map((it) =>
        client.getStringAssignment(it, "alice", attributes as never, "no"),
      );
    expect(answers({ plan: "pro" })).toEqual(["yes", "yes"]);
    expect(answers(inheriting)).toEqual(["no", "no"]);
    expect(answers({ plan: Symbol("x") })).toEqual(["no", "no"]);
    expect(answers(inheriting)).toEqual(["no", "no"]);
    expect(answers(Object.assign(Object.create(null), { plan: "pro" }))).toEqual(["yes", "yes"]);
  });

  it.each([
    { key: 5, because: "it is a number" },
    { key: 5n, because: "it is a BigInt" },
    { key: {}, because: "it is an object" },
    { key: Symbol("x"), because: "it is a symbol" },
    { key: null, because: "it is null" },
  ])("never throws for a strange subject key, although $because", ({ key }) => {
    const { client } = setUp();
    for (const flagKey of ["string", "sharded"]) {
      expect(() => client.getStringAssignment(flagKey, key as never, {}, "x")).not.toThrow();
      expect(() => client.getStringAssignmentDetails(flagKey, key as never, {}, "x")).not.toThrow();
    }
  });
});

describe("before the first configuration", () => {
  it("the default is returned", () => {
    const { client } = setUp({ initialConfiguration: undefined });
    expect(client.getStringAssignmentDetails("string", "alice", {}, "default")).toMatchObject({
      value: "default",
      reason: "not-initialized",
      evaluationDetails: { flagEvaluationCode: "FLAG_UNRECOGNIZED_OR_DISABLED" },
      exposure: { logged: false, reason: "not-initialized" },
    });
  });

  it("a call is reported once", () => {
    const { client, warnings } = setUp({ initialConfiguration: undefined });
    client.getStringAssignment("string", "alice", {}, "");
    client.withOverrides({ x: { key: "a", value: 1 } }).getStringAssignment("string", "a", {}, "");
    expect(warnings).toEqual([
      'flag "string" evaluated before ready: default returned; the client has no source: pass a source or an initialConfiguration, or call setConfiguration first',
    ]);
  });
});

describe("an override", () => {
  const overrides = { string: { key: "forced", value: "override" } };

  it("replaces the flag's value", () => {
    const { client } = setUp({ overrides });
    expect(client.getStringAssignment("string", "alice", {}, "default")).toBe("override");
  });

  it("has its own details", () => {
    const { client } = setUp({ overrides });
    expect(client.getStringAssignmentDetails("string", "alice", {}, "")).toMatchObject({
      value: "override",
      reason: "override",
      exposure: { logged: false, reason: "override" },
      evaluationDetails: {
        flagEvaluationCode: "MATCH",
        flagEvaluationDescription: "Flag override applied",
        variationKey: "forced",
        matchedAllocation: { key: "override-forced", orderPosition: 1 },
      },
    });
  });

  it("is never logged", () => {
    const { client, events } = setUp({ overrides });
    client.getStringAssignment("string", "alice", {}, "");
    expect(events).toEqual([]);
  });

  it.each(["missing", "disabled", "broken"])("works for the flag %s", (key) => {
    const { client } = setUp({ overrides: { [key]: { key: "v", value: "override" } } });
    expect(client.getStringAssignment(key, "alice", {}, "")).toBe("override");
  });

  it("works without a configuration", () => {
    const { client } = setUp({ overrides, initialConfiguration: undefined });
    expect(client.getStringAssignment("string", "alice", {}, "")).toBe("override");
  });

  it.each([
    { override: "on", value: "yes", because: "the configuration has the value of a variation" },
    { override: { key: "v", value: 5 }, value: "yes", problem: "its value is not of type string" },
    { override: "absent", value: "yes", problem: 'the flag has no variation "absent"' },
  ])("$override returns $value", ({ override, problem, value }) => {
    const { client, warnings } = setUp({ overrides: { string: override } });
    const details = client.getStringAssignmentDetails("string", "alice", {}, "");
    const isIgnored = problem !== undefined;
    expect(details).toMatchObject({ value, reason: isIgnored ? "static" : "override" });
    expect(client.status.counters.evaluations.ignoredOverride).toBe(isIgnored ? 1 : 0);
    expect(warnings.join()).toContain(problem ?? "");
  });

  it("of a JSON flag is ignored if it is not JSON", () => {
    const { client } = setUp({ overrides: { json: { key: "v", value: "{" } } });
    expect(client.getJSONAssignmentDetails("json", "alice", {}, {}).reason).toBe("static");
  });

  it("by key is ignored if the configuration does not have the flag", () => {
    const { client } = setUp({ overrides: { missing: "on" } });
    const details = client.getStringAssignmentDetails("missing", "alice", {}, "");
    expect(details.reason).toBe("flag-not-found");
  });

  it("does not allow a blank subject key", () => {
    const { client } = setUp({ overrides });
    expect(client.getStringAssignment("string", "", {}, "default")).toBe("default");
  });

  it("may be of a flag called __proto__", () => {
    const { client } = setUp({ overrides: JSON.parse('{"__proto__":{"key":"v","value":"x"}}') });
    expect(client.getStringAssignment("__proto__", "alice", {}, "")).toBe("x");
  });
});

describe("withOverrides", () => {
  const overrides = { string: { key: "forced", value: "override" } };

  it("leaves the client as it was", () => {
    const { client } = setUp();
    client.withOverrides(overrides);
    expect(client.getStringAssignment("string", "alice", {}, "")).toBe("yes");
  });

  it("returns the same client for no overrides", () => {
    const { client } = setUp();
    expect(client.withOverrides({})).toBe(client);
  });

  it("adds to the overrides of the client", () => {
    const { client } = setUp({ overrides });
    const copy = client.withOverrides({ json: { key: "j", value: "[]" } });
    expect(copy.getOverrideVariationKeys()).toEqual({ string: "forced", json: "j" });
  });

  it("shares lifecycle and deduplication", async () => {
    const { client, events } = setUp();
    const copy = client.withOverrides(overrides);
    client.getBooleanAssignment("boolean", "alice", {}, false);
    copy.getBooleanAssignment("boolean", "alice", {}, false);
    await copy.close();
    expect([events.length, client.status.state]).toEqual([1, "closed"]);
  });

  it("rejects a value that is not an override", () => {
    const { client } = setUp();
    expect(() => client.withOverrides({ f: 5 as never })).toThrow("overrides.f");
  });
});

describe("diagnostics", () => {
  it("carry no subject, no attribute and no value", () => {
    const reports: unknown[] = [];
    const report = (...parts: unknown[]): void => {
      reports.push(parts);
    };
    const { client } = setUp({
      initialConfiguration: undefined,
      diagnostics: { debug: report, info: report, warn: report, error: report },
      assignmentLogger: {
        logAssignment() {
          throw new Error("full");
        },
      },
    });
    const ask = (): void => {
      for (const key of Object.keys(flags)) {
        client.getStringAssignmentDetails(key, "secret-subject", { plan: "secret-plan" }, "x");
      }
      client.getStringAssignment("string", 5n as never, { plan: "secret-plan" }, "x");
    };
    ask();
    client.setConfiguration(configuration);
    ask();
    const text = reports.map((it) => inspected(it)).join("\n");
    expect(text).toContain("logger failed");
    expect(text).not.toMatch(/secret|yes/);
  });
});

/** All strings in a report, including those of errors and their causes. */
function inspected(value: unknown): string {
  if (value instanceof Error) return `${value.message} ${inspected(value.cause)}`;
  if (typeof value !== "object" || value === null) return String(value);
  return Object.values(value).map(inspected).join(" ");
}
