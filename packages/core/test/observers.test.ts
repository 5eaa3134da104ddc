import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { withOwnSettings } from "../src/client/client-internals.js";
import { openFeatureReason } from "../src/client/evaluation/openfeature-reason.js";
import { eppo } from "../src/eppo.js";
import { createClient, type ObservedEvaluation } from "../src/index.js";
import { createPrecomputedClient } from "../src/precomputed.js";
import { Configuration } from "./eppo-client.js";

const everybody = [{ shards: [], variationKey: "on" }];

function flag(key: string, more: object = {}): object {
  return {
    key,
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { on: { key: "on", value: "yes" }, off: { key: "off", value: "no" } },
    allocations: [{ key: "all", splits: everybody, doLog: true }],
    ...more,
  };
}

const FLAGS = {
  experiment: flag("experiment"),
  quiet: flag("quiet", { allocations: [{ key: "all", splits: everybody, doLog: false }] }),
  disabled: flag("disabled", { enabled: false }),
  nobody: flag("nobody", { allocations: [] }),
  broken: flag("broken", { allocations: 5 }),
  json: flag("json", { variationType: "JSON", variations: { on: { key: "on", value: "{" } } }),
};
const initialConfiguration = Configuration.from({
  flagsConfiguration: JSON.stringify({
    createdAt: "2025-12-31T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: FLAGS,
  }),
});
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

function observedClient(more: Partial<Parameters<typeof createClient>[0]> = {}) {
  const seen: ObservedEvaluation[] = [];
  const client = createClient({
    dialect: eppo(),
    initialConfiguration,
    assignmentLogger: null,
    diagnostics: SILENT,
    onEvaluation: (evaluation) => void seen.push(evaluation),
    ...more,
  });
  return { client, seen };
}

describe("onEvaluation", () => {
  it("receives the whole result of a getter", () => {
    const { client, seen } = observedClient();
    client.getStringAssignment("experiment", "user-1", { country: "DK" }, "default");
    expect(seen).toEqual([
      {
        flagKey: "experiment",
        subjectKey: "user-1",
        value: "yes",
        variation: "on",
        allocation: "all",
        action: null,
        isDefault: false,
        reason: "static",
        errorCode: null,
        configurationRevision: initialConfiguration.revision,
        environment: "Test",
        dialect: "eppo",
        isExposure: true,
        isBulk: false,
        isPrerequisite: false,
      },
    ]);
  });

  it.each([
    { key: "quiet", reason: "static", value: "yes", isExposure: false },
    { key: "disabled", reason: "disabled", value: "default", isExposure: false },
    { key: "nobody", reason: "no-allocation", value: "default", isExposure: false },
    { key: "absent", reason: "flag-not-found", value: "default", isExposure: false },
    {
      key: "broken",
      reason: "error",
      errorCode: "SORTITION_DECODE",
      value: "default",
      isExposure: false,
    },
    {
      key: "json",
      reason: "error",
      errorCode: "SORTITION_TYPE_MISMATCH",
      value: "default",
      isExposure: false,
    },
    {
      key: "",
      reason: "error",
      errorCode: "SORTITION_INVALID_ARGUMENT",
      value: "default",
      isExposure: false,
    },
  ])("receives the reason $reason for the value $value of $key", ({ key, ...expected }) => {
    const { client, seen } = observedClient();
    client.getStringAssignment(key, "user-1", {}, "default");
    client.getStringAssignmentDetails(key, "user-1", {}, "default");
    client.evaluate({
      flagKey: key,
      subjectKey: "user-1",
      defaultValue: "default",
      expectedType: "string",
    });
    for (const it of seen) expect(it).toMatchObject(expected);
    expect(seen).toHaveLength(3);
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).toMatchObject({ errorCode: null, ...expected });
    expect(seen[0]?.isDefault).toBe(expected.value === "default");
  });

  it("is called before a getter throws in strict mode", () => {
    const { client, seen } = observedClient({ isGracefulMode: false });
    expect(() => client.getStringAssignment("broken", "user-1", {}, "default")).toThrow();
    expect(() => client.getStringAssignmentDetails("json", "user-1", {}, "default")).toThrow();
    expect(seen.map(({ errorCode, value }) => [errorCode, value])).toEqual([
      ["SORTITION_DECODE", undefined],
      ["SORTITION_TYPE_MISMATCH", undefined],
    ]);
  });

  it("covers clients without a configuration, overrides, and copies", () => {
    const { client, seen } = observedClient({ initialConfiguration: undefined });
    client.getStringAssignment("experiment", "user-1", {}, "default");
    const copy = withOwnSettings(client, null).withOverrides({
      experiment: { key: "mine", value: "own" },
    });
    copy.getStringAssignment("experiment", "user-1", {}, "default");
    expect(
      seen.map(({ isDefault, reason, value, variation }) => [reason, isDefault, value, variation]),
    ).toEqual([
      ["not-initialized", true, "default", null],
      ["override", false, "own", "mine"],
    ]);
    expect(seen.map(({ isExposure }) => isExposure)).toEqual([false, false]);
  });

  it("marks flags of a bulk call", () => {
    const { client, seen } = observedClient();
    client.evaluate({ flagKey: "quiet", subjectKey: "user-1", isBulk: true });
    client.evaluate({ flagKey: "quiet", subjectKey: "user-1" });
    expect(seen.map(({ isBulk }) => isBulk)).toEqual([true, false]);
  });

  it("calls each function of a list, in order", () => {
    const calls: string[] = [];
    const { client } = observedClient({
      onEvaluation: [() => void calls.push("first"), () => void calls.push("second")],
    });
    client.getStringAssignment("quiet", "user-1", {}, "default");
    expect(calls).toEqual(["first", "second"]);
  });

  it("reports a function that throws or rejects once, and changes nothing else", async () => {
    const error = vi.fn();
    const seen: string[] = [];
    const logged: string[] = [];
    const { client } = observedClient({
      diagnostics: { ...SILENT, error },
      assignmentLogger: { logAssignment: (event) => void logged.push(event.subject) },
      onEvaluation: [
        () => {
          throw new Error("broken observer");
        },
        async () => {
          throw new Error("rejected observer");
        },
        () => new Promise(() => {}),
        ({ flagKey }) => void seen.push(flagKey),
      ],
    });
    for (const subject of ["a", "b", "c"]) {
      expect(client.getStringAssignment("experiment", subject, {}, "default")).toBe("yes");
    }
    await client.flush();
    expect(logged).toEqual(["a", "b", "c"]);
    expect(seen).toHaveLength(3);
    expect(error.mock.calls.map(([, facts]) => String(facts.error))).toEqual([
      "Error: broken observer",
      "Error: rejected observer",
    ]);
  });

  it("is not called for its own evaluations", () => {
    const seen: string[] = [];
    const { client } = observedClient({
      onEvaluation: ({ flagKey }) => {
        seen.push(flagKey);
        if (seen.length > 5) throw new Error("an endless loop");
        client.getStringAssignment("quiet", "user-2", {}, "default");
      },
    });
    client.getStringAssignment("experiment", "user-1", {}, "default");
    client.getStringAssignment("nobody", "user-1", {}, "default");
    expect(seen).toEqual(["experiment", "nobody"]);
  });

  it.each([
    { onEvaluation: 5, message: /^onEvaluation: expected \(evaluation\) => … or a list/ },
    { onEvaluation: {}, message: /^onEvaluation: expected \(evaluation\) => … or a list/ },
    {
      onEvaluation: [() => {}, null],
      message: /^onEvaluation\[1\]: expected a function, got null/,
    },
    { onEvaluation: [undefined], message: /^onEvaluation\[0\]: expected a function/ },
  ])("refuses $onEvaluation", ({ message, onEvaluation }) => {
    expect(() => observedClient({ onEvaluation: onEvaluation as never })).toThrow(message);
    const precomputed = { precomputedConfiguration: "{}", onEvaluation: onEvaluation as never };
    expect(() => createPrecomputedClient(precomputed)).toThrow(message);
  });
});

describe("onEvaluation of a precomputed client", () => {
  it("receives getters, overrides and defaults, and evaluations before they throw", () => {
    const seen: ObservedEvaluation[] = [];
    const { client } = observedClient();
    const precomputed = createPrecomputedClient({
      precomputedConfiguration: client.getPrecomputedConfiguration("user-1", {}),
      assignmentLogger: null,
      diagnostics: SILENT,
      isGracefulMode: false,
      overrides: { quiet: { key: "mine", value: "own" } },
      onEvaluation: (evaluation) => void seen.push(evaluation),
    });
    precomputed.getStringAssignment("experiment", "default");
    precomputed.getStringAssignment("quiet", "default");
    precomputed.getStringAssignment("absent", "default");
    expect(() => precomputed.getBooleanAssignment("experiment", false)).toThrow();
    expect(
      seen.map(({ errorCode, flagKey, isDefault, isExposure, reason, subjectKey, value }) => [
        flagKey,
        subjectKey,
        errorCode ?? reason,
        isDefault,
        value,
        isExposure,
      ]),
    ).toEqual([
      ["experiment", "user-1", "assigned", false, "yes", true],
      ["quiet", "user-1", "override", false, "own", false],
      ["absent", "user-1", "flag-not-found", true, "default", false],
      ["experiment", "user-1", "SORTITION_TYPE_MISMATCH", true, undefined, false],
    ]);
  });
});

describe("observers of any kind", () => {
  const observer = fc.constantFrom<() => unknown>(
    () => {},
    () => {
      throw new Error("thrown");
    },
    () => Promise.reject(new Error("rejected")),
    () => new Promise(() => {}),
    () => observedClient().client.getStringAssignment("experiment", "x", {}, "default"),
  );

  it("change no value, event or counter", async () => {
    const key = fc.constantFrom(...Object.keys(FLAGS), "absent", "");
    const calls = fc.array(fc.record({ key, subject: fc.string() }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(calls, fc.array(observer, { maxLength: 3 }), async (list, observers) => {
        const play = async (onEvaluation: (() => unknown)[] | undefined) => {
          const events: unknown[] = [];
          const client = createClient({
            dialect: eppo(),
            initialConfiguration,
            assignmentLogger: { logAssignment: (event) => void events.push(event) },
            diagnostics: SILENT,
            clock: { now: () => 0 },
            onEvaluation,
          });
          const values = list.map((it) =>
            client.getStringAssignment(it.key, it.subject, {}, "default"),
          );
          await client.flush();
          return { values, events, counters: client.status.counters };
        };
        expect(await play(observers)).toEqual(await play(undefined));
      }),
      { numRuns: 50 },
    );
  });
});

describe("openFeatureReason", () => {
  it.each([
    [{ reason: "rule" }, "TARGETING_MATCH"],
    [{ reason: "split" }, "SPLIT"],
    [{ reason: "static" }, "STATIC"],
    [{ reason: "override" }, "STATIC"],
    [{ reason: "fallthrough" }, "DEFAULT"],
    [{ reason: "assigned" }, "DEFAULT"],
    [{ reason: "no-allocation" }, "DEFAULT"],
    [{ reason: "disabled" }, "DISABLED"],
    [{ reason: "cycle" }, "GENERAL"],
    [{ reason: "flag-not-found" }, "FLAG_NOT_FOUND"],
    [{ reason: "not-initialized" }, "PROVIDER_NOT_READY"],
    [{ reason: "unresolved" }, "GENERAL"],
    [{ reason: "error", errorCode: "SORTITION_DECODE" }, "PARSE_ERROR"],
    [{ reason: "error", errorCode: "SORTITION_EVALUATION" }, "GENERAL"],
  ] as const)("of %j is %s", (origin, expected) => {
    const outcome = openFeatureReason({ errorCode: null, ...origin });
    expect(outcome.reason === "ERROR" ? outcome.errorCode : outcome.reason).toBe(expected);
  });
});
