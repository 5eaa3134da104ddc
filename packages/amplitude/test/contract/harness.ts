import type { DialectCall, DialectHarness } from "@sortition/dialect-kit/dialect-contract";
import { amplitude, cohortPart } from "../../src/dialect.js";
import { amplitudeExplainer } from "../../src/explain.js";

const OFF = { key: "off", metadata: { default: true } };

/** Variants with a value or a payload for each type of getter. */
const VARIANTS = {
  text: { key: "text", value: "ultramarine", payload: { layout: ["wide"] } },
  three: { key: "three", value: 3 },
  half: { key: "half", value: "0.5", payload: [1, null] },
  bare: { key: "bare" },
  yes: { key: "yes", value: true, payload: false },
  nested: { key: "nested", value: { n: 1 }, payload: { n: [1] } },
  named: { key: "off", value: "off" },
  off: OFF,
};

function when(name: string, values: readonly string[], variant: string, op = "is"): object {
  const selector = ["context", "user", "user_properties", name];
  return { conditions: [[{ selector, op, values }]], variant, metadata: { segmentName: variant } };
}

function flagsOf(elseVariant = "off"): readonly object[] {
  return [
    {
      key: "colour",
      metadata: { experimentKey: "colours", owners: ["growth"], links: { wiki: "colours" } },
      variants: VARIANTS,
      segments: [
        when("plan", ["gold"], "text"),
        when("plan", ["silver"], "three"),
        when("plan", ["bronze"], "half"),
        when("plan", ["iron"], "bare"),
        when("plan", ["lead"], "yes"),
        when("plan", ["zinc"], "nested"),
        when("plan", ["clay"], "named"),
        { variant: elseVariant, metadata: { segmentName: "others" } },
      ],
    },
    {
      key: "beta",
      variants: VARIANTS,
      segments: [
        {
          conditions: [
            [
              {
                selector: ["context", "user", "cohort_ids"],
                op: "set contains any",
                values: ["testers"],
              },
            ],
          ],
          variant: "text",
        },
      ],
    },
    {
      key: "checkout",
      dependencies: ["beta"],
      variants: VARIANTS,
      segments: [
        {
          conditions: [[{ selector: ["result", "beta", "key"], op: "is", values: ["text"] }]],
          variant: "three",
        },
      ],
    },
    { key: "chicken", dependencies: ["egg"], variants: VARIANTS, segments: [{ variant: "text" }] },
    { key: "egg", dependencies: ["chicken"], variants: VARIANTS, segments: [{ variant: "text" }] },
    {
      key: "split",
      variants: VARIANTS,
      segments: [
        {
          bucket: {
            selector: ["context", "user", "user_id"],
            salt: "salt",
            allocations: [
              { range: [0, 100], distributions: [{ variant: "half", range: [0, 42_949_673] }] },
            ],
          },
        },
      ],
    },
  ];
}

function cohort(...memberIds: readonly string[]): object {
  const size = memberIds.length;
  return { cohortId: "testers", groupType: "User", lastModified: 1, size, memberIds };
}

const ALICE = { subjectKey: "alice", attributes: { plan: "gold" } };
const BOB = { subjectKey: "bob", attributes: { plan: "silver" } };
const CAROL = { subjectKey: "carol", attributes: { plan: "bronze" } };
const DAVE = { subjectKey: "dave", attributes: { plan: "iron" } };
const EVE = { subjectKey: "eve", attributes: {} };
const LEAD = { subjectKey: "eve", attributes: { plan: "lead" } };
const ZINC = { subjectKey: "eve", attributes: { plan: "zinc" } };
const CLAY = { subjectKey: "eve", attributes: { plan: "clay" } };
const MISMATCH = "SORTITION_TYPE_MISMATCH";

const CALLS: readonly DialectCall[] = [
  { ...ALICE, flagKey: "colour", type: "string", value: "ultramarine" },
  { ...ALICE, flagKey: "colour", type: "boolean", value: true },
  { ...ALICE, flagKey: "colour", type: "json", value: { layout: ["wide"] } },
  // Its value is not a number.
  { ...ALICE, flagKey: "colour", type: "numeric", reason: MISMATCH },
  { ...BOB, flagKey: "colour", type: "integer", value: 3 },
  { ...BOB, flagKey: "colour", type: "string", value: "3" },
  // There is no payload.
  { ...BOB, flagKey: "colour", type: "json", reason: "no-allocation" },
  { ...CAROL, flagKey: "colour", type: "numeric", value: 0.5 },
  { ...CAROL, flagKey: "colour", type: "json", value: [1, null] },
  { ...CAROL, flagKey: "colour", type: "integer", reason: MISMATCH },
  { ...DAVE, flagKey: "colour", type: "boolean", value: true },
  { ...DAVE, flagKey: "colour", type: "string", reason: "no-allocation" },
  { ...LEAD, flagKey: "colour", type: "string", value: "true" },
  { ...LEAD, flagKey: "colour", type: "numeric", reason: MISMATCH },
  { ...LEAD, flagKey: "colour", type: "json", value: false },
  { ...ZINC, flagKey: "colour", type: "string", value: '{"n":1}' },
  { ...ZINC, flagKey: "colour", type: "json", value: { n: [1] } },
  { ...CLAY, flagKey: "colour", type: "boolean", value: false },
  { ...CLAY, flagKey: "colour", type: "string", value: "off" },
  { ...EVE, flagKey: "colour", type: "boolean", value: false },
  { ...EVE, flagKey: "colour", type: "string" },
  { ...ALICE, flagKey: "beta", type: "boolean", value: true },
  { ...BOB, flagKey: "beta", type: "boolean" },
  { ...ALICE, flagKey: "checkout", type: "integer", value: 3 },
  { ...BOB, flagKey: "checkout", type: "integer" },
  // These flags depend on each other.
  { ...ALICE, flagKey: "chicken", type: "boolean", reason: "SORTITION_EVALUATION" },
  { ...ALICE, flagKey: "egg", type: "boolean", reason: "SORTITION_EVALUATION" },
  { ...ALICE, flagKey: "split", type: "numeric", value: 0.5 },
  { ...ALICE, flagKey: "missing", type: "boolean" },
];

const PART = cohortPart("testers");

/** @param percent - how many users get a variant. */
function split(percent: number, key: string, ...path: readonly string[]): object {
  const distributions = [
    { variant: "text", range: [0, 21_474_836] },
    { variant: "half", range: [21_474_836, 42_949_673] },
  ];
  const allocations = [{ range: [0, percent], distributions }];
  const bucket = { selector: ["context", ...path], salt: "salt", allocations };
  return { key, variants: VARIANTS, segments: [{ bucket }] };
}

/** Splits by user, device, property and group. */
const HALVES = [
  split(100, "user", "user", "user_id"),
  split(100, "device", "user", "device_id"),
  split(100, "company", "user", "user_properties", "company"),
  split(100, "group", "groups", "org name", "group_name"),
];

/** Flags with dependencies, a cycle and a cohort. */
export const HARNESS: DialectHarness = {
  name: "amplitude",
  createDialect: (options) => amplitude(options),
  documents: { flags: flagsOf(), [PART]: cohort("alice") },
  calls: CALLS,
  exposures: {
    call: { ...ALICE, flagKey: "checkout", type: "integer" },
    events: ["checkout three"],
  },
  independentFlag: { key: "colour", part: "flags", path: [0] },
  changedFlag: {
    key: "colour",
    documents: { flags: flagsOf("text"), [PART]: cohort("alice") },
  },
  changedSharedPart: {
    documents: { flags: flagsOf(), [PART]: cohort("carol") },
    call: { ...ALICE, flagKey: "beta", type: "boolean" },
  },
  halves: { flags: HALVES },
  experiments: {
    flags: [
      split(20, "fifth", "user", "user_id"),
      split(80, "most", "groups", "org name", "group_name"),
    ],
  },
  explainer: amplitudeExplainer,
};
