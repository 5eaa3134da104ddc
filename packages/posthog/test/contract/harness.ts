import type { DialectHarness } from "@sortition/dialect-kit/dialect-contract";
import { posthog } from "../../src/dialect.js";
import { posthogExplainer } from "../../src/explain.js";

function plan(value: string): object {
  return { key: "plan", type: "person", operator: "exact", value };
}

function definitions(colour: string, country: string): object {
  const gold = { properties: [plan("gold")], rollout_percentage: 100 };
  const flag = (id: number, key: string, filters: object): object => ({
    id,
    key,
    active: true,
    filters: { groups: [gold], ...filters },
  });
  const single = (payload: unknown): object => ({ payloads: { true: payload } });
  return {
    flags: [
      flag(1, "text", {
        multivariate: { variants: [{ key: colour, rollout_percentage: 100 }] },
        payloads: { [colour]: "5" },
      }),
      flag(2, "count", single("3")),
      flag(3, "rate", single(0.5)),
      flag(4, "layout", single({ columns: [1, 2] })),
      flag(5, "off", { groups: [] }),
      flag(6, "members", { groups: [{ properties: [{ key: "id", type: "cohort", value: 7 }] }] }),
      flag(7, "held", { holdout: { id: 1, exclusion_percentage: 100 } }),
      flag(8, "override", { ...MULTIVARIATE, groups: [{ variant: "b" }] }),
      flag(9, "no override", { ...MULTIVARIATE, groups: [{ variant: "none" }] }),
      flag(10, "words", single('"words"')),
      flag(11, "unreadable", single("not json")),
      flag(12, "nothing", single("null")),
      flag(13, "zero", single(0)),
      { ...flag(14, "disabled", {}), active: false },
    ],
    group_type_mapping: { 0: "company" },
    cohorts: {
      7: { type: "OR", values: [{ key: "country", type: "person", value: [country] }] },
    },
  };
}

const GOLD = { subjectKey: "alice", attributes: { plan: "gold", country: "DK" } };

const MISMATCH = "SORTITION_TYPE_MISMATCH";

const members = { ...GOLD, flagKey: "members", type: "boolean" as const, value: true };

/** @param percent - how many subjects the flag is on for. */
function share(key: string, percent: number, members: object, filters: object = {}): object {
  const groups = [{ properties: [], rollout_percentage: percent }];
  return { id: 1, key, active: true, ...members, filters: { groups, ...filters } };
}

function withFlags(flags: readonly object[]): object {
  return { flags, group_type_mapping: { 0: "company" }, cohorts: {} };
}

const BY_COMPANY = { aggregation_group_type_index: 0 };

/** Splits by distinct id, device and group. */
const HALVES = withFlags([
  share("person", 50, {}),
  share("device", 50, { bucketing_identifier: "device_id" }),
  share("company", 50, {}, BY_COMPANY),
]);

const VARIANTS = ["a", "b"].map((key) => ({ key, rollout_percentage: 50 }));
const MULTIVARIATE = { multivariate: { variants: VARIANTS } };

export const HARNESS: DialectHarness = {
  name: "posthog",
  createDialect: (options) => posthog({ ...options, projectApiKey: "phc_key" }),
  documents: { flags: definitions("blue", "DK") },
  calls: [
    { ...GOLD, flagKey: "text", type: "string", value: "blue" },
    { ...GOLD, flagKey: "text", type: "boolean", value: true },
    { ...GOLD, flagKey: "text", type: "integer", value: 5 },
    { ...GOLD, flagKey: "count", type: "integer", value: 3 },
    { ...GOLD, flagKey: "count", type: "string", reason: MISMATCH },
    { ...GOLD, flagKey: "rate", type: "numeric", value: 0.5 },
    { ...GOLD, flagKey: "rate", type: "integer", reason: MISMATCH },
    { ...GOLD, flagKey: "words", type: "json", value: "words" },
    { ...GOLD, flagKey: "words", type: "integer", reason: MISMATCH },
    { ...GOLD, flagKey: "unreadable", type: "json", value: "not json" },
    { ...GOLD, flagKey: "nothing", type: "json", reason: "no-allocation" },
    { ...GOLD, flagKey: "zero", type: "integer", reason: "no-allocation" },
    { ...GOLD, flagKey: "layout", type: "json", value: { columns: [1, 2] } },
    { ...GOLD, flagKey: "off", type: "boolean", value: false },
    { ...GOLD, flagKey: "off", type: "string", reason: "no-allocation" },
    { ...GOLD, flagKey: "disabled", type: "string", reason: "disabled" },
    { ...GOLD, flagKey: "held", type: "string", value: "holdout-1" },
    members,
    { ...GOLD, flagKey: "override", type: "string", value: "b" },
    { ...GOLD, flagKey: "no override", type: "string", value: "a" },
    { ...GOLD, flagKey: "missing", type: "boolean", reason: "flag-not-found" },
    {
      ...{ flagKey: "text", subjectKey: "bob", attributes: {}, type: "string" },
      reason: "unresolved",
    },
  ],
  exposures: { call: { ...GOLD, flagKey: "text", type: "string" }, events: ["text blue"] },
  independentFlag: { key: "text", part: "flags", path: ["flags", 0] },
  changedFlag: { key: "text", documents: { flags: definitions("green", "DK") } },
  changedSharedPart: {
    documents: { flags: definitions("blue", "SE") },
    call: { ...members, value: false },
  },
  halves: { flags: HALVES },
  experiments: {
    flags: withFlags([
      share("fifth", 20, {}, MULTIVARIATE),
      share("most", 80, {}, { ...MULTIVARIATE, ...BY_COMPANY }),
    ]),
  },
  explainer: posthogExplainer,
};
