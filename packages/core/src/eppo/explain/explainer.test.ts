import { describe, expect, it } from "vitest";
import { Configuration, createClient } from "../../../test/eppo-client.js";
import type { Explanation } from "../../explain/explanation.js";
import { md5Hex } from "../../hash/md5.js";
import type { Attributes } from "../../model/attributes.js";
import { eppoExplainer } from "./explainer.js";

const NOW_MS = Date.UTC(2026, 0, 15);
const range = (salt: string, start: number, end: number): object => ({
  salt,
  ranges: [{ start, end }],
});

function configurationOf(flag: object, format = "SERVER"): Configuration {
  const key = format === "CLIENT" ? md5Hex("f") : "f";
  const whole = { key, enabled: true, variationType: "STRING", totalShards: 10_000, ...flag };
  const body = { format, flags: { [key]: whole } };
  return Configuration.from({ flagsConfiguration: JSON.stringify(body), fetchedAtMs: NOW_MS });
}

function explain(
  configuration: Configuration,
  attributes: Attributes,
  subjectKey = "alice",
): Explanation {
  const explaining = eppoExplainer.explaining(configuration);
  const client = createClient({
    initialConfiguration: explaining.configuration,
    assignmentLogger: null,
    clock: { now: () => NOW_MS },
  });
  client.getStringAssignmentDetails("f", subjectKey, attributes, "default");
  return explaining.explanation() as Explanation; // the line above created it
}

const VARIATIONS = { on: { key: "on", value: "yes" }, off: { key: "off", value: "no" } };
const everybody = [{ variationKey: "on", shards: [] }];

const CHECKOUT: Configuration = configurationOf({
  variations: VARIATIONS,
  allocations: [
    { key: "over", endAt: "2026-01-01T00:00:00.000Z", splits: everybody, doLog: true },
    {
      key: "pilot",
      rules: [
        {
          conditions: [
            { attribute: "country", operator: "ONE_OF", value: ["DK", "SE"] },
            { attribute: "age", operator: "GTE", value: 18 },
          ],
        },
        { conditions: [{ attribute: "plan", operator: "MATCHES", value: "^pro" }] },
      ],
      splits: [
        { variationKey: "off", shards: [range("salt", 0, 0)] },
        { variationKey: "on", shards: [range("salt", 0, 10_000)] },
      ],
      doLog: true,
    },
    { key: "rest", splits: everybody },
  ],
});

describe("an explanation", () => {
  it("follows the evaluation to the split that the subject gets", () => {
    const { flag, reason, error } = explain(CHECKOUT, { country: "DK", age: 20 });
    expect({ reason, error }).toEqual({ reason: "rule", error: null });
    expect(flag?.allocations.map(({ key, outcome }) => [key, outcome])).toEqual([
      ["over", "ended"],
      ["pilot", "applies"],
      ["rest", "not-reached"],
    ]);
    const pilot = flag?.allocations[1];
    expect(pilot?.rules.map(({ outcome }) => outcome)).toEqual(["holds", "not-reached"]);
    expect(pilot?.rules[0]?.conditions).toEqual([
      {
        attribute: "country",
        operator: "ONE_OF",
        expected: ["DK", "SE"],
        problem: null,
        outcome: "holds",
        actual: "DK",
        reason: '"DK" is listed',
      },
      expect.objectContaining({ outcome: "holds", actual: 20, reason: "20 is >= 18" }),
    ]);
    expect(pilot?.splits.map(({ outcome }) => outcome)).toEqual(["fails", "holds"]);
    expect(pilot?.splits[1]?.shards[0]).toEqual({
      salt: "salt",
      totalShards: 10_000,
      ranges: [{ start: 0, end: 10_000 }],
      problem: null,
      outcome: "holds",
      shard: 3_619, // of md5("salt-alice"), which starts with 39b59d63
      reason: "",
    });
    expect(pilot?.decidedBy).toEqual([
      { kind: "condition", rule: 0, condition: 0 },
      { kind: "condition", rule: 0, condition: 1 },
      { kind: "shard", split: 1, shard: 0 },
    ]);
  });

  it("names every false condition if no rule matches", () => {
    const { flag, reason } = explain(CHECKOUT, { country: "NO", age: 20, plan: "free" });
    expect(reason).toBe("fallthrough");
    expect(flag?.allocations.map(({ outcome }) => outcome)).toEqual([
      "ended",
      "no-rule-holds",
      "applies",
    ]);
    expect(flag?.allocations[1]?.decidedBy).toEqual([
      { kind: "condition", rule: 0, condition: 0 },
      { kind: "condition", rule: 1, condition: 0 },
    ]);
  });

  it.each([
    { bound: "start", window: { startAt: "2027-01-01T00:00:00.000Z" }, outcome: "not-started" },
    { bound: "end", window: { endAt: "2025-01-01T00:00:00.000Z" }, outcome: "ended" },
  ])("names the $bound of a closed window", ({ bound, window, outcome }) => {
    const allocations = [{ key: "dated", splits: everybody, ...window }];
    const { flag } = explain(configurationOf({ variations: VARIATIONS, allocations }), {});
    expect(flag?.allocations[0]).toMatchObject({ outcome, decidedBy: [{ kind: "window", bound }] });
  });

  it.each([
    {
      because: "a pattern is broken",
      allocation: {
        rules: [{ conditions: [{ attribute: "id", operator: "MATCHES", value: "(" }] }],
        splits: everybody,
      },
      decider: { kind: "condition", rule: 0, condition: 0 },
    },
    {
      because: "a rule is not a rule",
      allocation: { rules: [null], splits: everybody },
      decider: { kind: "rule", rule: 0 },
    },
    {
      because: "a shard condition is malformed",
      allocation: { splits: [{ variationKey: "on", shards: [range("s", 0, 1e9), null] }] },
      decider: { kind: "shard", split: 0, shard: 1 },
    },
    {
      because: "there is no such variation",
      allocation: { splits: [{ variationKey: "none", shards: [range("s", 0, 1e9)] }] },
      decider: { kind: "split", split: 0 },
    },
    {
      because: "the splits are not a list",
      allocation: { splits: 5 },
      decider: { kind: "split", split: 0 },
    },
  ])("names the part that failed: $because", ({ allocation, decider }) => {
    const allocations = [
      { key: "a", ...allocation },
      { key: "b", splits: everybody },
    ];
    const found = explain(configurationOf({ variations: VARIATIONS, allocations }), {});
    expect(found).toMatchObject({ reason: "error", error: expect.any(String) });
    expect(found.flag?.allocations.map(({ outcome }) => outcome)).toEqual(["error", "not-reached"]);
    expect(found.flag?.allocations[0]?.decidedBy).toEqual([decider]);
  });

  it("shows hashed attributes with the subject's attribute names", () => {
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    const condition = (attribute: string, operator: string, value: unknown): object => ({
      attribute: md5Hex(attribute),
      operator: md5Hex(operator),
      value,
    });
    const configuration = configurationOf(
      {
        variations: { [base64("on")]: { key: base64("on"), value: base64("yes") } },
        allocations: [
          {
            key: base64("all"),
            rules: [
              {
                conditions: [
                  condition("country", "ONE_OF", [md5Hex("DK")]),
                  condition("secret", "GTE", base64("18")),
                ],
              },
            ],
            splits: [{ variationKey: base64("on"), shards: [] }],
          },
        ],
      },
      "CLIENT",
    );
    const { flag } = explain(configuration, { country: "DK" });
    expect(flag).toMatchObject({ key: md5Hex("f"), isHashed: true });
    expect(flag?.allocations[0]?.rules[0]?.conditions).toMatchObject([
      { attribute: "country", operator: "ONE_OF", outcome: "holds", actual: "DK" },
      { attribute: md5Hex("secret"), operator: "GTE", expected: "18", outcome: "fails" },
    ]);
  });

  it("has no allocations for a flag that could not be decoded", () => {
    const found = explain(configurationOf({ allocations: 5 }), {});
    expect(found).toMatchObject({ reason: "error", flag: null });
    expect(found.error).toContain("allocations: expected an array");
  });

  it("forgets the last call when the next one is not evaluated", () => {
    const explaining = eppoExplainer.explaining(CHECKOUT);
    const client = createClient({
      initialConfiguration: explaining.configuration,
      assignmentLogger: null,
    });
    client.getStringAssignmentDetails("f", "alice", {}, "");
    client.getBooleanAssignmentDetails("f", "alice", {}, false);
    const { errorCode, flag } = explaining.explanation() as Explanation;
    expect(errorCode).toBe("SORTITION_TYPE_MISMATCH");
    expect(flag?.allocations.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 3 }, () => "not-reached"),
    );
  });
});

describe("a description", () => {
  it("describes a flag and the traffic of its variations", () => {
    const { allocations, ...flag } = eppoExplainer.describe(CHECKOUT, "f");
    expect(flag).toEqual({
      key: "f",
      valueType: "string",
      isEnabled: true,
      isHashed: false,
      followsRanges: true,
      variations: [
        { key: "on", value: "yes", problem: null },
        { key: "off", value: "no", problem: null },
      ],
      problem: null,
    });
    expect(allocations).toMatchObject([
      { key: "over", window: { startAtMs: null, endAtMs: Date.UTC(2026, 0, 1) }, isLogged: true },
      { key: "pilot", window: null, rules: [{ conditions: [{}, {}] }, { conditions: [{}] }] },
      { key: "rest", rules: [], isLogged: false },
    ]);
    expect(allocations[1]?.traffic).toEqual({ byVariation: new Map([["on", 1]]), unassigned: 0 });
  });

  it("keeps malformed parts in their places", () => {
    const configuration = configurationOf({
      variations: { on: null },
      allocations: [{ key: "a", rules: [null, { conditions: [null] }], splits: [{ shards: 5 }] }],
    });
    const { allocations, variations } = eppoExplainer.describe(configuration, "f");
    expect(variations).toEqual([{ key: "on", value: undefined, problem: expect.any(String) }]);
    expect(allocations[0]).toMatchObject({
      rules: [
        { conditions: [], problem: expect.stringContaining("rules[0]") },
        { conditions: [{ problem: expect.stringContaining("conditions[0]") }], problem: null },
      ],
      splits: [{ shards: [], problem: expect.stringContaining("shards") }],
      traffic: null,
    });
  });
});

describe("the description of bandits", () => {
  it("describes the flags where they choose, and whether they have a model", () => {
    const configuration = Configuration.from({
      flagsConfiguration: JSON.stringify({
        flags: {},
        banditReferences: {
          music: {
            modelVersion: "v1",
            flagVariations: [{ flagKey: "f", variationKey: "on", variationValue: "music" }],
          },
        },
      }),
      banditsConfiguration: JSON.stringify({ bandits: { lonely: {} } }),
    });
    expect(eppoExplainer.describeBandits(configuration)).toEqual([
      { key: "music", hasModel: false, behind: [{ flagKey: "f", value: "music" }] },
      { key: "lonely", hasModel: true, behind: [] },
    ]);
  });
});
