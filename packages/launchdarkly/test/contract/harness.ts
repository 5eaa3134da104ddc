import type { DialectCall, DialectHarness } from "@sortition/dialect-kit/dialect-contract";
import { launchdarkly } from "../../src/dialect.js";
import { launchdarklyExplainer } from "../../src/explain.js";

const GOLD = { attribute: "plan", op: "in", values: ["gold"] };

function flag(key: string, variations: readonly unknown[], others: object = {}): object {
  return {
    ...{ key, version: 1, on: true, salt: key, variations, trackEvents: true, offVariation: 0 },
    rules: [{ id: `gold-${key}`, variation: 1, clauses: [GOLD] }],
    fallthrough: { variation: 0 },
    ...others,
  };
}

function requires(key: string, variation: number): object {
  return { prerequisites: [{ key, variation }] };
}

function payload(colour: string, country: string): object {
  const inNorth = { attribute: "", op: "segmentMatch", values: ["north"] };
  const half = { variation: 0, weight: 50_000 };
  return {
    flags: {
      text: flag("text", ["grey", colour]),
      count: flag("count", [0, 3]),
      rate: flag("rate", [0, 0.5]),
      layout: flag("layout", [{}, { columns: [1, 2] }]),
      enabled: flag("enabled", [false, true], {
        targets: [{ variation: 1, values: ["carol"] }],
        contextTargets: [
          { contextKind: "user", variation: 1, values: [] },
          { contextKind: "device", variation: 0, values: ["phone"] },
        ],
        fallthrough: { rollout: { variations: [half, { variation: 1, weight: 50_000 }] } },
      }),
      off: flag("off", ["unused", "off"], { on: false, offVariation: 1 }),
      nothing: flag("nothing", ["unused"], { on: false, offVariation: null, rules: [] }),
      north: flag("north", [false, true], {
        rules: [{ id: "in north", variation: 1, clauses: [inNorth] }],
      }),
      needy: flag("needy", ["no", "yes"], requires("count", 1)),
      blocked: flag("blocked", ["no", "yes"], requires("off", 1)),
      chicken: flag("chicken", ["no", "yes"], requires("egg", 1)),
      egg: flag("egg", ["no", "yes"], requires("chicken", 1)),
    },
    segments: {
      north: {
        ...{ key: "north", version: 1, salt: "north", included: ["nora"], excluded: ["sam"] },
        includedContexts: [{ contextKind: "device", values: ["phone"] }],
        excludedContexts: [{ contextKind: "device", values: ["tablet"] }],
        rules: [{ clauses: [{ attribute: "country", op: "in", values: [country] }] }],
      },
    },
  };
}

const ALICE = { subjectKey: "alice", attributes: { plan: "gold", country: "DK" } };
const BOB = { subjectKey: "bob", attributes: {} };
const CAROL = { subjectKey: "carol", attributes: {} };

const inNorth = { ...ALICE, flagKey: "north", type: "boolean" as const, value: true };

const CALLS: readonly DialectCall[] = [
  { ...ALICE, flagKey: "text", type: "string", value: "blue" },
  { ...BOB, flagKey: "text", type: "string", value: "grey" },
  { ...ALICE, flagKey: "text", type: "boolean", reason: "SORTITION_TYPE_MISMATCH" },
  { ...ALICE, flagKey: "count", type: "integer", value: 3 },
  { ...ALICE, flagKey: "rate", type: "numeric", value: 0.5 },
  { ...ALICE, flagKey: "layout", type: "json", value: { columns: [1, 2] } },
  { ...ALICE, flagKey: "enabled", type: "boolean", value: true },
  { ...CAROL, flagKey: "enabled", type: "boolean", value: true },
  { ...BOB, flagKey: "enabled", type: "boolean", value: true },
  { ...BOB, subjectKey: "erin", flagKey: "enabled", type: "boolean", value: false },
  { ...ALICE, flagKey: "off", type: "string", value: "off", reason: "disabled" },
  { ...ALICE, flagKey: "nothing", type: "string", reason: "disabled" },
  inNorth,
  { ...ALICE, flagKey: "needy", type: "string", value: "yes" },
  { ...BOB, flagKey: "needy", type: "string", value: "no", reason: "disabled" },
  { ...ALICE, flagKey: "blocked", type: "string", value: "no", reason: "disabled" },
  { ...ALICE, flagKey: "chicken", type: "string", reason: "SORTITION_EVALUATION" },
  { ...ALICE, flagKey: "egg", type: "string", reason: "SORTITION_EVALUATION" },
  { ...ALICE, flagKey: "missing", type: "boolean" },
];

function split(key: string, rollout: object): object {
  return flag(key, [false, true], { rules: [], fallthrough: { rollout } });
}

function half(key: string, rollout: object): object {
  const variations = [0, 1].map((variation) => ({ variation, weight: 50_000 }));
  return split(key, { ...rollout, variations });
}

/** Splits by the user, an attribute of the user, another kind of context, and an attribute of it. */
const HALVES = {
  flags: {
    user: half("user", {}),
    company: half("company", { bucketBy: "company" }),
    org: half("org", { kind: "experiment", contextKind: "org" }),
    region: half("region", { contextKind: "org", bucketBy: "/address/region" }),
  },
  segments: {},
};

/** An experiment whose other contexts get the first variation. @param weight - of each of two variations. */
function experiment(key: string, weight: number, members: object): object {
  const variations = [
    ...[0, 1].map((variation) => ({ variation, weight })),
    { variation: 0, weight: 100_000 - 2 * weight, untracked: true },
  ];
  return split(key, { ...members, kind: "experiment", variations });
}

export const HARNESS: DialectHarness = {
  name: "launchdarkly",
  createDialect: (options) => launchdarkly(options),
  documents: { flags: payload("blue", "DK") },
  calls: CALLS,
  exposures: {
    call: { ...ALICE, flagKey: "needy", type: "string" },
    events: ["count-gold-count 1", "needy-gold-needy 1"],
  },
  independentFlag: { key: "text", part: "flags", path: ["flags", "text"] },
  changedFlag: { key: "text", documents: { flags: payload("green", "DK") } },
  changedSharedPart: {
    documents: { flags: payload("blue", "SE") },
    call: { ...inNorth, value: false },
  },
  halves: { flags: HALVES },
  experiments: {
    flags: {
      flags: {
        fifth: experiment("fifth", 10_000, { seed: 7 }),
        most: experiment("most", 40_000, { contextKind: "org" }),
      },
      segments: {},
    },
  },
  explainer: launchdarklyExplainer,
};
