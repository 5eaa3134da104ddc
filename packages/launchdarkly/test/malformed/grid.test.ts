// Each part of a flag, malformed: what evaluations, issues, descriptions and explanations say about it.
import { Configuration, createClient } from "@sortition/core";
import { expect, it } from "vitest";
import { launchdarkly } from "../../src/dialect.js";
import { launchdarklyExplainer } from "../../src/explain.js";

const clause = { attribute: "x", op: "in", values: ["a"], contextKind: "user" };
const other = { ...clause, values: ["b"] };
const share = { variation: 1, weight: 50_000 };
const big = { op: "segmentMatch", values: ["big"] };
const flag = { version: 1, on: true, variations: [false, true], salt: "s", offVariation: 0 };

const rule = (...clauses: readonly unknown[]): object => ({
  rules: [{ id: "r", variation: 1, clauses }],
});
const rollout = (...variations: readonly unknown[]): object => ({ rollout: { variations } });

const FLAGS: Readonly<Record<string, object>> = {
  sound: rule(clause),
  "no match": rule(other),
  "no clauses": rule(),
  "no clauses after targets": { ...rule(), targets: [{ variation: 1, values: ["z"] }] },
  "no clauses after a rule": {
    rules: [
      { variation: 0, clauses: [other] },
      { variation: 1, clauses: [] },
    ],
  },
  prerequisites: { prerequisites: 5 },
  prerequisite: { prerequisites: [null] },
  cycle: { prerequisites: [{ key: "cycle", variation: 1 }] },
  "undecided prerequisite": { prerequisites: [{ key: "big segment", variation: 1 }] },
  targets: { targets: 5 },
  target: { targets: [null] },
  "values of a target": { targets: [{ variation: 1, values: 5 }] },
  "target of a kind": { contextTargets: [null] },
  rules: { rules: 5 },
  rule: { rules: [null] },
  clauses: { rules: [{ id: "r", variation: 1, clauses: 5 }] },
  clause: rule(null),
  "values of a clause": rule({ ...clause, values: 5 }),
  "attribute of a clause": rule({ ...clause, attribute: "" }),
  "first share": { rules: [{ id: "r", clauses: [clause], ...rollout(null, share) }] },
  "last share": { rules: [{ id: "r", clauses: [clause], ...rollout(share, null) }] },
  shares: { rules: [{ id: "r", clauses: [clause], rollout: { variations: 5 } }] },
  "index of a variation": { rules: [{ id: "r", variation: 7, clauses: [clause] }] },
  "share of the fallthrough": { fallthrough: rollout(share, null) },
  "big segment": rule(big),
};

const BIG = { key: "big", version: 1, unbounded: true, generation: 1 };
const text = JSON.stringify({
  flags: Object.fromEntries(
    Object.entries(FLAGS).map(([key, it]) => [
      key,
      { key, ...flag, fallthrough: { variation: 0 }, ...it },
    ]),
  ),
  segments: { big: BIG },
});
const configuration = Configuration.from({
  dialect: launchdarkly(),
  payloads: { flags: new TextEncoder().encode(text) },
});
configuration.warm();

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Evaluates a flag, and returns `REASON [ALLOCATION OUTCOME [RULE OUTCOME (CONDITIONS)]]`. */
function explained(flagKey: string, subjectKey: string): string {
  const explaining = launchdarklyExplainer.explaining(configuration);
  const client = createClient({
    dialect: explaining.configuration.dialect,
    initialConfiguration: explaining.configuration,
    assignmentLogger: null,
    diagnostics: SILENT,
  });
  const attributes = { x: "a" };
  const { errorCode, reason } = client.getBooleanAssignmentDetails(
    flagKey,
    subjectKey,
    attributes,
    false,
  );
  const { allocations = [] } = explaining.explanation()?.flag ?? {};
  const parts = allocations.map(({ key, outcome, rules }) => {
    const tested = rules.map(({ conditions, outcome: own }) => {
      return `${own} (${conditions.map((it) => it.outcome).join(", ")})`;
    });
    return `${key} ${outcome} [${tested.join("; ")}]`;
  });
  return `${errorCode ?? reason}: ${parts.join(", ")}`;
}

const SUBJECTS = ["u", "a", "b", "c", "d"];

interface Expected {
  /** Messages of the issues. */
  readonly issues: readonly string[];
  /** Whether the getter for booleans has a value for each subject. */
  readonly isForAll: boolean;
  /** What {@link explained} returns for the subjects. */
  readonly explained: readonly string[];
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  sound: {
    issues: [],
    isForAll: true,
    explained: ["rule: r applies [holds (holds)], fallthrough not-reached []"],
  },
  "no match": {
    issues: [],
    isForAll: true,
    explained: ["fallthrough: r no-rule-holds [fails (fails)], fallthrough applies []"],
  },
  "no clauses": {
    issues: [],
    isForAll: true,
    explained: ["static: r applies [], fallthrough not-reached []"],
  },
  "no clauses after targets": {
    issues: [],
    isForAll: true,
    explained: [
      "fallthrough: target-0 no-rule-holds [fails (fails)], r applies [], fallthrough not-reached []",
    ],
  },
  "no clauses after a rule": {
    issues: [],
    isForAll: true,
    explained: [
      "fallthrough: rule-0 no-rule-holds [fails (fails)], rule-1 applies [], fallthrough not-reached []",
    ],
  },
  prerequisites: {
    issues: ["expected an array, got a number"],
    isForAll: false,
    explained: ["SORTITION_DECODE: fallthrough not-reached []"],
  },
  prerequisite: {
    issues: ["expected an object, got null"],
    isForAll: false,
    explained: ["SORTITION_DECODE: prerequisites error [error ()], fallthrough not-reached []"],
  },
  cycle: {
    issues: [],
    isForAll: false,
    explained: [
      "SORTITION_EVALUATION: prerequisites error [error (error)], fallthrough not-reached []",
    ],
  },
  "undecided prerequisite": {
    issues: [],
    isForAll: false,
    explained: [
      "unresolved: prerequisites unknown [unknown (unknown)], fallthrough not-reached []",
    ],
  },
  targets: {
    issues: ["expected an array, got a number"],
    isForAll: false,
    explained: ["SORTITION_DECODE: fallthrough not-reached []"],
  },
  target: {
    issues: ["expected an object, got null"],
    isForAll: false,
    explained: [
      "SORTITION_DECODE: target-0 not-reached [not-reached ()], fallthrough not-reached []",
    ],
  },
  "values of a target": {
    issues: ["expected an array, got a number"],
    isForAll: false,
    explained: [
      "SORTITION_DECODE: target-0 not-reached [not-reached ()], fallthrough not-reached []",
    ],
  },
  "target of a kind": {
    issues: ["expected an object, got null"],
    isForAll: false,
    explained: [
      "SORTITION_DECODE: target-0 not-reached [not-reached ()], fallthrough not-reached []",
    ],
  },
  rules: {
    issues: ["expected an array, got a number"],
    isForAll: false,
    explained: ["SORTITION_DECODE: fallthrough not-reached []"],
  },
  rule: {
    issues: ["expected an object, got null"],
    isForAll: false,
    explained: [
      "SORTITION_DECODE: rule-0 not-reached [not-reached ()], fallthrough not-reached []",
    ],
  },
  clauses: {
    issues: ["expected an array, got a number"],
    isForAll: false,
    explained: ["SORTITION_DECODE: r not-reached [not-reached ()], fallthrough not-reached []"],
  },
  clause: {
    issues: ["expected an object, got null"],
    isForAll: false,
    explained: ["SORTITION_DECODE: r error [error (not-reached)], fallthrough not-reached []"],
  },
  "values of a clause": {
    issues: ["expected an array, got a number"],
    isForAll: false,
    explained: ["SORTITION_DECODE: r error [error (error)], fallthrough not-reached []"],
  },
  "attribute of a clause": {
    issues: ["is not a valid reference to an attribute"],
    isForAll: false,
    explained: ["SORTITION_EVALUATION: r error [error (error)], fallthrough not-reached []"],
  },
  "first share": {
    issues: ["expected an object, got null"],
    isForAll: false,
    explained: ["SORTITION_DECODE: r applies [holds (holds)], fallthrough not-reached []"],
  },
  "last share": {
    issues: ["expected an object, got null"],
    isForAll: false,
    explained: [
      "rule: r applies [holds (holds)], fallthrough not-reached []",
      "SORTITION_DECODE: r applies [holds (holds)], fallthrough not-reached []",
    ],
  },
  shares: {
    issues: ["has neither a variation nor a rollout"],
    isForAll: false,
    explained: ["SORTITION_EVALUATION: r applies [holds (holds)], fallthrough not-reached []"],
  },
  "index of a variation": {
    issues: ["has no variation 7"],
    isForAll: false,
    explained: ["SORTITION_EVALUATION: r applies [holds (holds)], fallthrough not-reached []"],
  },
  "share of the fallthrough": {
    issues: ["expected an object, got null"],
    isForAll: false,
    explained: ["SORTITION_DECODE: fallthrough applies []", "split: fallthrough applies []"],
  },
  "big segment": {
    issues: [],
    isForAll: false,
    explained: ["unresolved: r unknown [unknown (unknown)], fallthrough not-reached []"],
  },
};

it.each(Object.entries(EXPECTED))("is reported consistently: %s", (key, expected) => {
  const { allocations } = launchdarklyExplainer.describe(configuration, key);
  const getters = launchdarklyExplainer.gettersOf(configuration, key);
  const issues = configuration.issues.filter((it) => it.flagKey === key).map((it) => it.message);
  expect({
    issues,
    isForAll: getters.find(({ type }) => type === "boolean")?.isForAll ?? false,
    explained: [...new Set(SUBJECTS.map((it) => explained(key, it)))],
  }).toEqual(expected);
  const problems = allocations.flatMap(({ splits }) => splits.map(({ problem }) => problem));
  expect([null, ...issues]).toEqual(expect.arrayContaining(problems));
});

it("tries each flag", () => {
  expect(Object.keys(EXPECTED)).toEqual(Object.keys(FLAGS));
});

it.each([
  {
    list: "targets",
    sound: { variation: 1, values: ["z"] },
    malformed: [null, { variation: 1, values: 5 }],
    flagOf: (them: readonly unknown[]) => ({ targets: them }),
  },
  {
    list: "rules",
    sound: { variation: 1, clauses: [clause] },
    malformed: [null, { variation: 1, clauses: 5 }],
    flagOf: (them: readonly unknown[]) => ({ rules: them }),
  },
  {
    list: "clauses",
    sound: clause,
    malformed: [null, { ...clause, values: 5 }, { ...clause, attribute: "" }],
    flagOf: (them: readonly unknown[]) => rule(...them),
  },
  {
    list: "shares",
    sound: share,
    malformed: [null],
    flagOf: (them: readonly unknown[]) => ({ fallthrough: rollout(...them) }),
  },
])("promises a value for each subject only if every element is sound: $list", (tried) => {
  const { flagOf, malformed, sound } = tried;
  const lists = [2, 3].flatMap((length) => {
    const all: readonly unknown[] = Array(length).fill(sound);
    return [all, ...malformed.flatMap((it) => all.map((_, i) => all.with(i, it)))];
  });
  const flags = lists.map((it, i) => [
    `f${i}`,
    { key: `f${i}`, ...flag, fallthrough: { variation: 0 }, ...flagOf(it) },
  ]);
  const text = JSON.stringify({ flags: Object.fromEntries(flags), segments: {} });
  const configuration = Configuration.from({ dialect: launchdarkly(), payloads: { flags: text } });
  const promised = lists.map((list, i) => {
    const getters = launchdarklyExplainer.gettersOf(configuration, `f${i}`);
    const isForAll = getters.find(({ type }) => type === "boolean")?.isForAll ?? false;
    return { list, isForAll };
  });
  expect(promised).toEqual(
    lists.map((list) => ({ list, isForAll: list.every((it) => it === sound) })),
  );
});

it("explains with the share that contains a subject", () => {
  const shares = [0, 1].map((variation) => ({ variation, weight: 50_000 }));
  const split = { key: "f", ...flag, fallthrough: { rollout: { variations: shares } } };
  const text = JSON.stringify({ flags: { f: split }, segments: {} });
  const sound = Configuration.from({ dialect: launchdarkly(), payloads: { flags: text } });
  const values = Array.from({ length: 50 }, (_, i) => {
    const explaining = launchdarklyExplainer.explaining(sound);
    const { dialect } = explaining.configuration;
    const client = createClient({
      ...{ dialect, initialConfiguration: explaining.configuration },
      ...{ assignmentLogger: null, diagnostics: SILENT },
    });
    const { value } = client.getBooleanAssignmentDetails("f", `u${i}`, {}, false);
    const splits = explaining.explanation()?.flag?.allocations.flatMap((it) => it.splits) ?? [];
    const holding = splits.filter(({ outcome }) => outcome === "holds");
    expect(holding.map(({ variation }) => variation)).toEqual([value ? "1" : "0"]);
    return value;
  });
  expect(new Set(values).size).toBe(2);
});
