import { describe, expect, it } from "vitest";
import { GrowthBook, GrowthBookClient, type ObservedEvaluation } from "../../src/index.js";

const FEATURES = {
  plain: { defaultValue: "grey" },
  forced: { defaultValue: "grey", rules: [{ id: "r1", condition: { plan: "pro" }, force: "red" }] },
  experiment: {
    defaultValue: "grey",
    rules: [
      { id: "r2", key: "colours", variations: ["red", "blue"], weights: [1, 0], coverage: 1 },
    ],
  },
  child: {
    defaultValue: "off",
    rules: [{ parentConditions: [{ id: "experiment", condition: { value: "red" } }], force: "on" }],
  },
  gated: {
    defaultValue: "off",
    rules: [
      { parentConditions: [{ id: "plain", condition: { value: "red" }, gate: true }], force: "on" },
    ],
  },
  cyclic: {
    defaultValue: "off",
    rules: [{ parentConditions: [{ id: "cyclic", condition: { value: "x" } }], force: "on" }],
  },
  malformed: { defaultValue: "off", rules: 5 },
};
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const attributes = { id: "alice", plan: "pro" };

const CLASSES = {
  GrowthBook(onEvaluation: (evaluation: ObservedEvaluation) => unknown, more: object = {}) {
    const gb = new GrowthBook({
      attributes,
      features: FEATURES as never,
      diagnostics: SILENT,
      onEvaluation,
      ...more,
    });
    return {
      value: (key: string, fallback: unknown) => gb.getFeatureValue(key, fallback),
      result: (key: string) => gb.evalFeature(key),
      isOn: (key: string) => gb.isOn(key),
    };
  },
  GrowthBookClient(onEvaluation: (evaluation: ObservedEvaluation) => unknown, more: object = {}) {
    const client = new GrowthBookClient({ diagnostics: SILENT, onEvaluation, ...more });
    client.initSync({ payload: { features: FEATURES as never } });
    const user = { attributes };
    return {
      value: (key: string, fallback: unknown) => client.getFeatureValue(key, fallback, user),
      result: (key: string) => client.evalFeature(key, user),
      isOn: (key: string) => client.isOn(key, user),
    };
  },
};

describe.each(Object.entries(CLASSES))("onEvaluation of %s", (_, create) => {
  it("receives the complete result of a feature once per call", () => {
    const seen: ObservedEvaluation[] = [];
    const gb = create((it) => void seen.push(it));
    gb.value("experiment", "default");
    gb.result("experiment");
    gb.isOn("experiment");
    expect(seen).toEqual(
      Array.from({ length: 3 }, () => ({
        flagKey: "experiment",
        subjectKey: "alice",
        value: "red",
        variation: "0",
        allocation: "r2",
        action: null,
        isDefault: false,
        reason: "split",
        errorCode: null,
        configurationRevision: null,
        environment: null,
        dialect: "growthbook",
        isExposure: true,
        isBulk: false,
        isPrerequisite: false,
      })),
    );
  });

  it.each([
    { key: "plain", reason: "static", value: "grey" },
    { key: "forced", reason: "rule", value: "red", allocation: "r1" },
    { key: "gated", reason: "disabled", value: "default" },
    { key: "cyclic", reason: "cycle", value: "default" },
    { key: "absent", reason: "flag-not-found", value: "default" },
    {
      key: "malformed",
      reason: "error",
      errorCode: "SORTITION_DECODE",
      value: "default",
    },
  ])("explains $key with $reason", ({ key, ...expected }) => {
    const seen: ObservedEvaluation[] = [];
    const gb = create((it) => void seen.push(it));
    expect(gb.value(key, "default")).toBe(expected.value);
    gb.result(key);
    expect(seen).toHaveLength(2);
    expect(seen[0]).toMatchObject({ ...expected, isExposure: false });
    expect({ ...seen[1], value: expected.value }).toEqual(seen[0]);
  });

  it("first reports prerequisites with their own exposures", () => {
    const seen: ObservedEvaluation[] = [];
    create((it) => void seen.push(it)).value("child", "default");
    expect(
      seen.map(({ flagKey, isExposure, isPrerequisite, value, variation }) => ({
        flagKey,
        isExposure,
        isPrerequisite,
        value,
        variation,
      })),
    ).toEqual([
      {
        flagKey: "experiment",
        isExposure: true,
        isPrerequisite: true,
        value: undefined,
        variation: "0",
      },
      { flagKey: "child", isExposure: false, isPrerequisite: false, value: "on", variation: null },
    ]);
  });

  it("marks forced values as overrides", () => {
    const seen: ObservedEvaluation[] = [];
    const forcedFeatureValues = new Map([["plain", "forced"]]);
    create((it) => void seen.push(it), { forcedFeatureValues }).value("plain", "default");
    expect(seen).toMatchObject([{ reason: "override", value: "forced" }]);
  });

  it("does not observe evaluations by an observer", () => {
    const seen: string[] = [];
    const gb = create(({ flagKey }) => {
      seen.push(flagKey);
      if (seen.length < 5) gb.isOn("plain");
    });
    gb.value("experiment", 1);
    gb.value("child", 1);
    expect(seen).toEqual(["experiment", "experiment", "child"]);
  });

  it("rejects a value that is not a function", () => {
    expect(() => create(5 as never)).toThrow(/^onEvaluation: expected/);
  });
});

describe("onEvaluation of an instance without a payload", () => {
  it("receives the reason not-initialized", () => {
    const seen: ObservedEvaluation[] = [];
    const gb = new GrowthBook({ diagnostics: SILENT, onEvaluation: (it) => void seen.push(it) });
    gb.getFeatureValue("plain", "default");
    expect(seen).toMatchObject([{ reason: "not-initialized", subjectKey: "", value: "default" }]);
  });
});
