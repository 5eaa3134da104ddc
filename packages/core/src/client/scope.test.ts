import { describe, expect, it } from "vitest";
import { createClient } from "../../test/eppo-client.js";
import { eppo } from "../eppo.js";
import { EvaluationError } from "../errors/errors.js";
import type { Configuration } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import type { Assigned, Evaluation } from "../model/evaluation.js";
import type { AssignmentEvent, ExposureBase } from "../model/exposure.js";
import type { CompiledFlag } from "../model/flag.js";
import type { Scope } from "../model/scope.js";
import type { Subject } from "../model/subject.js";
import type { Answer } from "../model/trace.js";
import type { Client } from "./client.js";
import type { ClientOptions } from "./options.js";

/** The extras that drop-ins pass in these tests. */
interface Extras {
  readonly url: string;
}

type Evaluate = (subject: Subject, scope: Scope<Extras>) => Evaluation;

/** A client whose flags are functions. */
function clientOf(
  flags: Readonly<Record<string, Evaluate>>,
  options: ClientOptions = {},
  needsSubjectKey = true,
): { readonly client: Client<Answer, Extras>; readonly events: AssignmentEvent[] } {
  const events: AssignmentEvent[] = [];
  const dialect: Dialect<Answer, Extras> = {
    name: "functions",
    needsSubjectKey,
    openFeature: { ...eppo().openFeature, metadataOf: () => ({}) },
    endpoints: [],
    defaultBaseUrl: () => "https://example.com",
    compile: () => configuration,
    createTrace: () => ({ details: (answer) => answer }),
  };
  const compiled = new Map(
    Object.entries(flags).map(([key, evaluate]): [string, CompiledFlag<Extras>] => [
      key,
      { key, valueType: null, evaluate },
    ]),
  );
  const configuration = {
    dialect,
    payloads: [],
    revision: "r",
    bandits: null,
    eventFields: { assignment: { source: "functions" }, metaData: { region: "eu" } },
    environment: null,
    publishedAtMs: null,
    issues: [],
    issueCount: { found: 0, complete: true },
    flagKeys: new Set(compiled.keys()),
    isSameFlag: () => false,
    flag: (key: string) => compiled.get(key) ?? null,
    warm() {},
    *inspect() {},
  } as Partial<Configuration<Extras>> as Configuration<Extras>;
  const client = createClient({
    dialect,
    initialConfiguration: configuration as Configuration,
    assignmentLogger: { logAssignment: (event) => events.push(event) },
    clock: { now: () => 0 },
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    ...(options as ClientOptions<Answer, Extras>),
  });
  return { client, events };
}

function assigned(value: unknown, exposure: ExposureBase | null = null): Assigned {
  return {
    kind: "assigned",
    reason: "rule",
    value,
    json: null,
    variation: "v",
    allocation: "a",
    exposure,
  };
}

function exposureOf(featureFlag: string, fields: Partial<ExposureBase> = {}): ExposureBase {
  return {
    experiment: null,
    featureFlag,
    allocation: "a",
    variation: "v",
    extraLogging: {},
    ...fields,
  };
}

describe("Scope.expectedType", () => {
  it("is the type of the getter, so that a flag can return another value for each", () => {
    const { client } = clientOf({
      f: (_, { expectedType }) => assigned(expectedType === "boolean" ? true : expectedType),
    });
    expect(client.getBooleanAssignment("f", "s", {}, false)).toBe(true);
    expect(client.getStringAssignment("f", "s", {}, "")).toBe("string");
    expect(client.getStringAssignmentDetails("f", "s", {}, "").value).toBe("string");
    expect(client.getBanditAction("f", "s", {}, [], "").variation).toBe("string");
  });

  it("is null for a drop-in that accepts any type", () => {
    const { client } = clientOf({ f: (_, { expectedType }) => assigned({ expectedType }) });
    expect(client.evaluate({ flagKey: "f", subjectKey: "s" }).value).toEqual({
      expectedType: null,
    });
  });
});

describe("Scope.memo", () => {
  const visit = (scope: Scope<Extras>): number => {
    const memo = scope.memo() as Map<string, number>;
    memo.set("visits", (memo.get("visits") ?? 0) + 1);
    return memo.get("visits") as number;
  };

  it("is one map for all flags of a call, and a new one for the next call", () => {
    const { client } = clientOf({
      parent: (_, scope) => assigned(visit(scope)),
      child: (subject, scope) => {
        visit(scope);
        return scope.configuration.flag("parent")?.evaluate(subject, scope) as Evaluation;
      },
    });
    const ask = (): number => client.getIntegerAssignment("child", "s", {}, 0);
    expect([ask(), ask()]).toEqual([2, 2]);
  });

  it("can end a cycle of flags", () => {
    const evaluate =
      (key: string, other: string): Evaluate =>
      (subject, scope) => {
        if (scope.memo().has(key)) return { kind: "default", reason: "unresolved" };
        scope.memo().set(key, true);
        return scope.configuration.flag(other)?.evaluate(subject, scope) as Evaluation;
      };
    const { client } = clientOf({ a: evaluate("a", "b"), b: evaluate("b", "a") });
    expect(client.getStringAssignmentDetails("a", "s", {}, "d").reason).toBe("unresolved");
  });
});

describe("Scope.extras", () => {
  const seen: unknown[] = [];
  const { client } = clientOf({
    f: (_, { extras }) => {
      seen.push(extras);
      return assigned(extras?.url);
    },
  });

  it("is what the drop-in passed", () => {
    const request = { flagKey: "f", subjectKey: "s", extras: { url: "/checkout" } };
    expect(client.evaluate(request).value).toBe("/checkout");
  });

  it("is null in typed getters, even after a call with extras", () => {
    seen.length = 0;
    client.getStringAssignment("f", "s", {}, "d");
    client.evaluate({ flagKey: "f", subjectKey: "s", extras: { url: "/" } });
    client.getStringAssignment("f", "s", {}, "d");
    client.getStringAssignmentDetails("f", "s", {}, "d");
    expect(seen).toEqual([null, { url: "/" }, null, null]);
  });
});

describe("Scope.expose", () => {
  const exposing =
    (evaluation: () => Evaluation): Evaluate =>
    (_, scope) => {
      scope.expose(exposureOf("first"));
      scope.expose(exposureOf("second"));
      return evaluation();
    };
  const flagsOf = (events: readonly AssignmentEvent[]): readonly string[] =>
    events.map(({ featureFlag }) => featureFlag);

  it("logs the exposures of other flags in order, before the flag's own exposure", () => {
    const { client, events } = clientOf({
      f: exposing(() => assigned("x", exposureOf("f"))),
    });
    const details = client.getStringAssignmentDetails("f", "s", {}, "d");
    expect(flagsOf(events)).toEqual(["first", "second", "f"]);
    expect(details.exposure).toMatchObject({ logged: true, messageId: events[2]?.messageId });
    expect(details.furtherExposures?.map(({ messageId }) => messageId)).toEqual([
      events[0]?.messageId,
      events[1]?.messageId,
    ]);
  });

  it.each([
    {
      because: "nothing is assigned",
      evaluation: (): Evaluation => ({ kind: "default", reason: "no-allocation" }),
    },
    { because: "the flag's own assignment is not loggable", evaluation: () => assigned("x") },
    {
      because: "the value does not fit the getter",
      evaluation: () => assigned(5, exposureOf("f")),
    },
    {
      because: "the evaluation fails",
      evaluation: (): Evaluation => {
        throw new Error("broken");
      },
    },
  ])("logs them even if $because", ({ evaluation }) => {
    const { client, events } = clientOf({ f: exposing(evaluation) });
    client.getStringAssignment("f", "s", {}, "d");
    expect(flagsOf(events)).toEqual(["first", "second"]);
    const { exposure, furtherExposures } = client.getStringAssignmentDetails("f", "s", {}, "d");
    expect(exposure.logged).toBe(false);
    const known = { logged: false, reason: "deduplicated", messageId: null };
    expect(furtherExposures).toEqual([known, known]);
  });

  it("logs them even if strict mode throws", () => {
    const failing = (): Evaluation => {
      throw new Error("broken");
    };
    const { client, events } = clientOf({ f: exposing(failing) }, { isGracefulMode: false });
    expect(() => client.getStringAssignment("f", "s", {}, "d")).toThrow(EvaluationError);
    expect(flagsOf(events)).toEqual(["first", "second"]);
  });

  it("logs them for a bandit call, whose details list them", () => {
    const { client, events } = clientOf({ f: exposing(() => assigned("x")) });
    const details = client.getBanditActionDetails("f", "s", {}, [], "d");
    expect(flagsOf(events)).toEqual(["first", "second"]);
    expect(details.furtherExposures).toHaveLength(2);
  });

  it("logs nothing for an overridden flag, which is not evaluated", () => {
    const { client, events } = clientOf({ f: exposing(() => assigned("x", exposureOf("f"))) });
    const overridden = client.withOverrides({ f: { key: "k", value: "y" } });
    const details = overridden.getStringAssignmentDetails("f", "s", {}, "d");
    expect([details.value, details.exposure.reason]).toEqual(["y", "override"]);
    expect([events, "furtherExposures" in details]).toEqual([[], false]);
  });

  it("starts empty in each call", () => {
    let exposes = true;
    const { client, events } = clientOf(
      {
        f: (_, scope) => {
          if (exposes) scope.expose(exposureOf("first"));
          return assigned("x");
        },
      },
      { deduplication: false },
    );
    client.getStringAssignment("f", "s", {}, "d");
    exposes = false;
    client.getStringAssignment("f", "s", {}, "d");
    expect(flagsOf(events)).toEqual(["first"]);
  });
});

describe("the event of an exposure", () => {
  const eventOf = (exposure: ExposureBase): AssignmentEvent => {
    const { client, events } = clientOf({ f: () => assigned("x", exposure) });
    client.getStringAssignment("f", "s", { plan: { name: "pro" } }, "d");
    return events[0]!; // exactly one event was logged
  };

  it.each([
    { experiment: null, allocation: "a", named: "f-a", because: "that is the rule" },
    { experiment: null, allocation: null, named: null, because: "there is no allocation" },
    { experiment: "pricing", allocation: "a", named: "pricing", because: "the dialect names it" },
  ])("names the experiment $named, because $because", ({ experiment, allocation, named }) => {
    expect(eventOf(exposureOf("f", { experiment, allocation })).experiment).toBe(named);
  });

  it("has the constant fields of the configuration and of the exposure in order", () => {
    const event = eventOf(exposureOf("f", { eventFields: { unit: 7 } }));
    expect(JSON.parse(JSON.stringify(event))).toMatchObject({ source: "functions", unit: 7 });
    expect(Object.keys(event)).toEqual([
      ...["allocation", "experiment", "featureFlag", "source", "variation", "subject"],
      ...["timestamp", "subjectAttributes", "metaData", "unit", "messageId"],
    ]);
    expect(Object.keys(event.metaData)).toEqual([
      ...["region", "sdkLanguage", "sdkName", "sdkLibVersion"],
    ]);
  });

  it("has no extra fields if the dialect adds none", () => {
    const { source, ...event } = eventOf(exposureOf("f")) as AssignmentEvent & { source: string };
    expect([source, "unit" in event]).toEqual(["functions", false]);
  });
});

describe("a flag without a declared type", () => {
  const { client, events } = clientOf({
    f: ({ attributes }) => assigned(attributes["value"], exposureOf("f")),
    json: ({ attributes }) => ({
      ...assigned(undefined),
      json: JSON.stringify(attributes["value"]),
    }),
  });
  const getters = {
    boolean: "getBooleanAssignmentDetails",
    integer: "getIntegerAssignmentDetails",
    numeric: "getNumericAssignmentDetails",
    string: "getStringAssignmentDetails",
    json: "getJSONAssignmentDetails",
  } as const;
  const ask = (type: keyof typeof getters, value: unknown, flag = "f") =>
    client[getters[type] as "getJSONAssignmentDetails"](
      flag,
      "s",
      { value } as Parameters<typeof client.getStringAssignment>[2],
      "default" as unknown as object,
    );

  it.each([
    { type: "boolean", value: false },
    { type: "integer", value: 0 },
    { type: "integer", value: Number.MAX_SAFE_INTEGER },
    { type: "numeric", value: 1.5 },
    { type: "numeric", value: -3 },
    { type: "string", value: "" },
    { type: "json", value: { a: [1] } },
    { type: "json", value: [] },
    { type: "json", value: "text" },
    { type: "json", value: 5 },
    { type: "json", value: false },
    { type: "json", value: null },
  ] as const)("gives the $type getter $value", ({ type, value }) => {
    expect(ask(type, value)).toMatchObject({ value, isDefault: false });
    expect(ask(type, value, "json")).toMatchObject({ value, isDefault: false });
  });

  it.each([
    { type: "boolean", value: "true" },
    { type: "boolean", value: null },
    { type: "integer", value: 1.5 },
    { type: "integer", value: 2 ** 53 },
    { type: "integer", value: "1" },
    { type: "numeric", value: Number.NaN },
    { type: "numeric", value: Number.POSITIVE_INFINITY },
    { type: "numeric", value: 5n },
    { type: "string", value: 5 },
    { type: "string", value: { a: 1 } },
    { type: "json", value: Number.NaN },
    { type: "json", value: Symbol("s") },
    { type: "json", value: () => {} },
  ] as const)("does not give the $type getter a value of another type", ({ type, value }) => {
    events.length = 0;
    expect(ask(type, value)).toMatchObject({
      value: "default",
      errorCode: "SORTITION_TYPE_MISMATCH",
      exposure: { logged: false, reason: "default" },
    });
    expect(events).toEqual([]);
  });

  it("also checks the value of JSON", () => {
    expect(ask("string", 5, "json").errorCode).toBe("SORTITION_TYPE_MISMATCH");
    expect(ask("integer", "5", "json").errorCode).toBe("SORTITION_TYPE_MISMATCH");
  });

  it.each(["boolean", "integer", "numeric", "string", "json"] as const)(
    "gives the %s getter its default for an absent value, without an error or an exposure",
    (type) => {
      expect(ask(type, undefined)).toMatchObject({
        value: "default",
        reason: "no-allocation",
        exposure: { logged: false, reason: "default" },
      });
    },
  );

  it("throws in strict mode", () => {
    const strict = clientOf({ f: () => assigned(5) }, { isGracefulMode: false }).client;
    expect(strict.getIntegerAssignment("f", "s", {}, 0)).toBe(5);
    expect(() => strict.getStringAssignment("f", "s", {}, "d")).toThrow(
      expect.objectContaining({ code: "SORTITION_TYPE_MISMATCH", flagKey: "f" }),
    );
  });

  it("returns any value to a drop-in that accepts any type", () => {
    const value = { deep: [true] };
    const request = { flagKey: "f", subjectKey: "s", subjectAttributes: { value } };
    expect(client.evaluate(request).value).toBe(value);
    expect(client.evaluate({ ...request, expectedType: "string" }).errorCode).toBe(
      "SORTITION_TYPE_MISMATCH",
    );
    const absent = { flagKey: "f", subjectKey: "s", defaultValue: "d" };
    expect(client.evaluate(absent)).toMatchObject({ value: "d", reason: "no-allocation" });
  });
});

describe("a call that requests a number", () => {
  const ask = (flag: Evaluate, valueType: "integer" | "numeric" | "string" | null) => {
    const { client } = clientOf({ f: flag });
    const compiled = client.getConfiguration()?.flag("f");
    Object.assign(compiled ?? {}, { valueType });
    return client.evaluate({
      flagKey: "f",
      subjectKey: "s",
      defaultValue: -1,
      expectedType: "number",
    });
  };

  it.each([
    { valueType: "integer", seen: "integer" },
    { valueType: "numeric", seen: "numeric" },
    { valueType: null, seen: "numeric" },
  ] as const)("shows a dialect $seen for a flag of type $valueType", ({ seen, valueType }) => {
    const types: unknown[] = [];
    const flag: Evaluate = (_, { expectedType }) => {
      types.push(expectedType);
      return assigned(5);
    };
    expect(ask(flag, valueType)).toMatchObject({ value: 5, isDefault: false });
    expect(types).toEqual([seen]);
  });

  it("refuses a flag of another type, and a value that is not a finite number", () => {
    const { errorCode, evaluationDetails } = ask(() => assigned("5"), "string");
    expect(errorCode).toBe("SORTITION_TYPE_MISMATCH");
    const { evaluation } = evaluationDetails as unknown as Answer;
    const message = 'flag "f" is of type string, not number';
    expect(evaluation).toMatchObject({ kind: "error", error: { message } });
    expect(ask(() => assigned("5"), null).errorCode).toBe("SORTITION_TYPE_MISMATCH");
    expect(ask(() => assigned(Number.NaN), null).errorCode).toBe("SORTITION_TYPE_MISMATCH");
  });
});

describe("a subject without a key", () => {
  const parent = exposureOf("parent", { experiment: "p" });
  const own = exposureOf("f", { experiment: "e" });

  it("is identified in exposures by the value that was hashed", () => {
    const flag: Evaluate = (subject, scope) => {
      expect(subject.key).toBe("");
      scope.hashedBy("device");
      scope.expose(parent);
      scope.hashedBy(7);
      return assigned("x", own);
    };
    const { client, events } = clientOf({ f: flag }, {}, false);
    const { exposure, furtherExposures } = client.evaluate({ flagKey: "f" });
    expect([exposure.logged, furtherExposures?.[0]?.logged]).toEqual([true, true]);
    expect(events.map(({ experiment, subject }) => [experiment, subject])).toEqual([
      ["p", "device"],
      ["e", "7"],
    ]);
  });

  it("logs nothing if nothing was hashed", () => {
    const flag: Evaluate = (_, scope) => {
      scope.expose(parent);
      scope.hashedBy({});
      return assigned("x", own);
    };
    const { client, events } = clientOf({ f: flag }, {}, false);
    const answer = client.evaluate({ flagKey: "f", subjectKey: null });
    expect(answer).toMatchObject({
      value: "x",
      isDefault: false,
      exposure: { reason: "not-loggable" },
      furtherExposures: [{ reason: "not-loggable" }],
    });
    expect(events).toEqual([]);
  });

  it("is rejected by typed getters, and by dialects that need a key", () => {
    const flag: Evaluate = () => assigned("x");
    const code = "SORTITION_INVALID_ARGUMENT";
    const { client } = clientOf({ f: flag }, {}, false);
    expect(client.getStringAssignmentDetails("f", undefined as never, {}, "").errorCode).toBe(code);
    expect(client.evaluate({ flagKey: "f", subjectKey: "" }).errorCode).toBe(code);
    expect(clientOf({ f: flag }).client.evaluate({ flagKey: "f" }).errorCode).toBe(code);
  });
});

describe("the details of an event", () => {
  const flags: Readonly<Record<string, Evaluate>> = {
    parent: () => assigned("p", exposureOf("parent")),
    f(_, scope) {
      scope.expose(exposureOf("parent"));
      scope.expose(exposureOf("parent", { variation: "another" }));
      return assigned("x", exposureOf("f"));
    },
  };
  const asked = ["f", "s", {}, ""] as const;
  const pinned = { subjectKey: "s" };
  const shown = { ...pinned, exposures: "on-show" } as const;
  type Asked = ReturnType<typeof clientOf>["client"];

  it.each<{ call: string; options?: ClientOptions; ask: (client: Asked) => unknown }>([
    { call: "evaluate", ask: (it) => it.evaluate({ flagKey: "f", subjectKey: "s" }) },
    { call: "a details getter", ask: (it) => it.getStringAssignmentDetails(...asked) },
    {
      call: "a getter with includeEvaluationDetails",
      options: { exposures: { includeEvaluationDetails: true } } as ClientOptions,
      ask: (it) => it.getStringAssignment(...asked),
    },
    {
      call: "a details getter of forSubject",
      ask: (it) => it.forSubject(pinned).getStringAssignmentDetails("f", ""),
    },
    {
      call: "a details getter of forSubject that logs on show",
      ask(it) {
        const subject = it.forSubject(shown);
        subject.getStringAssignmentDetails("f", "");
        return subject.exposed("f");
      },
    },
  ])("belong to the event's own flag, or are absent: $call", ({ ask, options }) => {
    const { client, events } = clientOf(flags, options);
    ask(client);
    const details = events.map(({ evaluationDetails, featureFlag, variation }) => {
      const { evaluation, flagKey } = (evaluationDetails ?? {}) as Partial<Answer>;
      return [featureFlag, variation, flagKey, (evaluation as Assigned | undefined)?.value];
    });
    expect(details).toEqual([
      ["parent", "v", "parent", "p"],
      ["parent", "another", undefined, undefined],
      ["f", "v", "f", "x"],
    ]);
  });

  it("are those of the first read of forSubject", () => {
    const { client, events } = clientOf({ f: () => assigned("x", exposureOf("f")) });
    const subject = client.forSubject(pinned);
    subject.getStringAssignment("f", "");
    subject.getStringAssignmentDetails("f", "");
    expect(events.map((it) => Object.hasOwn(it, "evaluationDetails"))).toEqual([false]);
  });
});

describe("a subject that the dialect names", () => {
  it("replaces the caller's in exposures, and only in those", () => {
    const seen: unknown[] = [];
    const flag: Evaluate = (_, scope) => {
      scope.hashedBy("named");
      scope.expose(exposureOf("parent"));
      return assigned("x", exposureOf("f"));
    };
    const { client, events } = clientOf(
      { f: flag },
      { onEvaluation: ({ subjectKey }) => void seen.push(subjectKey) },
    );
    client.evaluate({ flagKey: "f", subjectKey: "caller" });
    const subject = client.forSubject({ subjectKey: "other", extras: { url: "" } });
    subject.getStringAssignment("f", "");
    expect(events.map((it) => it.subject)).toEqual(["named", "named"]);
    expect(new Set(seen)).toEqual(new Set(["caller", "other"]));
  });
});
