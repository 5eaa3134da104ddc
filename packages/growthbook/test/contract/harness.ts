import type { DialectCall, DialectHarness } from "@sortition/dialect-kit/dialect-contract";
import { growthbook } from "../../src/dialect.js";
import { growthbookExplainer } from "../../src/explain.js";

const VALUES = ["ultramarine", 3, 0.5, { layout: ["wide"] }, true];

function featuresOf(colour: unknown = "grey"): object {
  return {
    colour: {
      defaultValue: colour,
      rules: VALUES.map((force, i) => ({
        id: `plan-${i}`,
        condition: { plan: `plan-${i}` },
        force,
      })),
    },
    beta: { defaultValue: false, rules: [{ condition: { id: { $inGroup: "vip" } }, force: true }] },
    holdout: {
      defaultValue: 0,
      rules: [
        {
          key: "holdout",
          variations: [1, 2],
          hashVersion: 2,
          coverage: 1,
          meta: [{ key: "in", passthrough: true }, { key: "out" }],
          weights: [1, 0],
        },
        { key: "layout", variations: ["left", "right"], weights: [0, 1], hashVersion: 2 },
      ],
    },
    checkout: {
      defaultValue: "old",
      rules: [
        { parentConditions: [{ id: "holdout", condition: { value: "right" }, gate: true }] },
        {
          id: "test",
          key: "checkout-test",
          variations: ["new", "newer"],
          meta: [{ key: "new" }, { key: "newer" }],
          weights: [1, 0],
          condition: { $savedGroup: { id: "typed" } },
        },
      ],
    },
    chicken: { rules: [{ parentConditions: [{ id: "egg", condition: {} }], force: 1 }] },
    egg: { rules: [{ parentConditions: [{ id: "chicken", condition: {} }], force: 1 }] },
    bare: {},
    nothing: { defaultValue: null },
  };
}

function payload(colour?: unknown, vip: readonly string[] = ["alice"]): object {
  return {
    features: featuresOf(colour),
    savedGroups: { vip, typed: { type: "list", attributeKey: "country", values: ["DK"] } },
    dateUpdated: "2026-01-05T00:00:00.000Z",
  };
}

const ALICE = { subjectKey: "alice", attributes: {} };

function plan(index: number): Pick<DialectCall, "flagKey" | "subjectKey" | "attributes"> {
  return { flagKey: "colour", subjectKey: "bob", attributes: { plan: `plan-${index}` } };
}

const CALLS: readonly DialectCall[] = [
  { ...plan(0), type: "string", value: "ultramarine" },
  { ...plan(0), type: "boolean" },
  { ...plan(1), type: "integer", value: 3 },
  { ...plan(1), type: "numeric", value: 3 },
  { ...plan(2), type: "numeric", value: 0.5 },
  { ...plan(2), type: "integer" },
  { ...plan(3), type: "json", value: { layout: ["wide"] } },
  { ...plan(3), type: "string" },
  { ...plan(4), type: "boolean", value: true },
  { ...ALICE, flagKey: "colour", type: "string", value: "grey" },
  { ...ALICE, flagKey: "beta", type: "boolean", value: true },
  { ...ALICE, attributes: { id: "carol" }, flagKey: "beta", type: "boolean", value: false },
  { ...ALICE, flagKey: "holdout", type: "string", value: "right" },
  {
    ...ALICE,
    attributes: { country: "DK" },
    flagKey: "checkout",
    type: "string",
    value: "new",
  },
  { ...ALICE, flagKey: "checkout", type: "string", value: "old" },
  { ...ALICE, flagKey: "chicken", type: "integer" },
  { ...ALICE, flagKey: "bare", type: "json" },
  { ...ALICE, flagKey: "nothing", type: "json", value: null },
  { ...ALICE, flagKey: "nothing", type: "string" },
  { ...ALICE, flagKey: "missing", type: "boolean" },
];

function experiment(members: object): object {
  const plain = { key: "test", variations: ["a", "b"], hashVersion: 2 };
  return { defaultValue: "none", rules: [{ ...plain, ...members }] };
}

function payloadOf(features: Readonly<Record<string, object>>): object {
  return { features, savedGroups: {}, dateUpdated: "" };
}

/** Splits by the key, and by an attribute with and without another one to hash if it is missing. */
const HALVES = payloadOf({
  user: experiment({}),
  company: experiment({ hashAttribute: "company" }),
  member: experiment({ hashAttribute: "member", fallbackAttribute: "device" }),
  rollout: { defaultValue: 0, rules: [{ force: 1, coverage: 0.5, hashAttribute: "company" }] },
});

/** Features with prerequisites, a holdout, a cycle and saved groups. */
export const HARNESS: DialectHarness = {
  name: "growthbook",
  createDialect: (options) => growthbook(options),
  documents: { flags: payload() },
  calls: CALLS,
  exposures: {
    call: { ...ALICE, attributes: { country: "DK" }, flagKey: "checkout", type: "string" },
    events: ["holdout in", "layout 1", "checkout-test new"],
  },
  independentFlag: { key: "colour", part: "flags", path: ["features", "colour"] },
  changedFlag: { key: "colour", documents: { flags: payload("green") } },
  changedSharedPart: {
    documents: { flags: payload(undefined, ["carol"]) },
    call: { ...ALICE, flagKey: "beta", type: "boolean", value: false },
  },
  halves: { flags: HALVES },
  experiments: {
    flags: payloadOf({
      fifth: experiment({ coverage: 0.2 }),
      most: experiment({ hashAttribute: "company", coverage: 0.8 }),
    }),
  },
  explainer: growthbookExplainer,
};
