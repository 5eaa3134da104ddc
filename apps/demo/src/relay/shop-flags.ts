import { type FlagDefinition, flagsPayload, type Rule, splitFlag } from "@sortition/test-kit/flags";
import type { DemoSubject } from "../subjects.js";

const COHORT = "early-access";
/** One in this number of visitors is in the cohort. */
const COHORT_EVERY = 20;

/** Flags of the shop that the formats of all vendors express. */
const FLAGS: readonly FlagDefinition[] = [
  splitFlag({
    ...{ key: "new-checkout", name: "pilot", type: "boolean", values: { on: true, off: false } },
    ...{ shares: { on: 50, off: 50 }, when: { country: ["DK", "NL", "DE"] } },
  }),
  splitFlag({
    ...{ key: "checkout-button", name: "three-texts", traffic: 80 },
    shares: { control: 33.33, urgent: 33.34, friendly: 33.33 },
  }),
  {
    ...{ key: "free-shipping", type: "boolean", state: "active" },
    variations: new Map(Object.entries({ on: true, off: false })),
    rules: [
      on("app-users", { attribute: "appVersion", test: { kind: "gte", value: "2.1.0" } }),
      on("loyal", { attribute: "tier", test: { kind: "matches", pattern: "^(gold|platinum)$" } }),
    ],
    otherwise: { kind: "give", variation: "off" },
  },
  splitFlag({
    ...{ key: "hero-banner", name: "running-campaign", type: "json" },
    values: { spring: { title: "Spring is here" }, plain: { title: "Welcome" } },
    ...{ shares: { spring: 20, plain: 80 }, when: { country: ["DK", "NL", "DE", "FR"] } },
  }),
];

function on(name: string, condition: Rule["conditions"][number]): Rule {
  const outcome = { kind: "give", variation: "on" } as const;
  return { name, conditions: [condition], subjects: null, outcome };
}

/** Returns GrowthBook's features. */
export function shopFeatures(): object {
  return (flagsPayload("growthbook", FLAGS) as { readonly features: object }).features;
}

/** Returns Amplitude's flags. One depends on another flag and on the cohort. */
export function shopFlags(): readonly object[] {
  const is = (selector: readonly string[], op: string, value: string): object => {
    return { variant: "on", conditions: [[{ selector, op, values: [value] }]] };
  };
  const express = {
    key: "express-payment",
    metadata: { deployed: true, flagType: "release", flagVersion: 1 },
    variants: { on: { key: "on", value: "on" } },
    segments: [
      is(["context", "user", "cohort_ids"], "set contains any", COHORT),
      is(["result", "new-checkout", "key"], "is", "on"),
    ],
    dependencies: ["new-checkout"],
  };
  return [...(flagsPayload("amplitude", FLAGS) as readonly object[]), express];
}

/** Returns Amplitude's cohort, with some of the visitors. */
export function shopCohort(visitors: readonly DemoSubject[]): object {
  const members = visitors.filter((_, i) => i % COHORT_EVERY === 0);
  const memberIds = members.map(({ subjectKey }) => subjectKey);
  const facts = { groupType: "User", groupTypeId: 0, lastComputed: 1, lastModified: 1 };
  return { cohortId: COHORT, ...facts, size: memberIds.length, memberIds };
}

/** Returns PostHog's definitions. One flag depends on another flag and on a cohort. */
export function shopDefinitions(): object {
  const { flags, ...others } = flagsPayload("posthog", FLAGS) as {
    readonly flags: readonly object[];
  };
  const key = "new-checkout";
  const isOn = { key, value: true, operator: "flag_evaluates_to", type: "flag" };
  const groups = [
    { properties: [{ key: "id", value: 1, type: "cohort" }], rollout_percentage: 100 },
    { properties: [{ ...isOn, dependency_chain: [key] }], rollout_percentage: 80 },
  ];
  const loyal = { key: "tier", operator: "regex", value: "^(gold|platinum)$", type: "person" };
  return {
    ...others,
    flags: [...flags, { id: 9, key: "express-payment", active: true, filters: { groups } }],
    cohorts: { 1: { type: "OR", values: [{ type: "AND", values: [loyal] }] } },
    property_matching_version: 2,
  };
}
