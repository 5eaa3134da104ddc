import { Configuration } from "@sortition/core";
import { explanationText } from "@sortition/core/dialect";
import { createExplainingClient } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import { posthog } from "../factory.js";
import { cohortConditions } from "./cohort.js";
import { posthogExplainer } from "./explainer.js";

const PLAN = { key: "plan", type: "group", group_type_index: 0, operator: "exact", value: "team" };
const FLAGS = [
  {
    id: 1,
    key: "company",
    active: true,
    filters: { groups: [{ properties: [PLAN] }], aggregation_group_type_index: 0 },
  },
  {
    id: 2,
    key: "sticky",
    active: true,
    filters: { groups: [{}] },
    ensure_experience_continuity: true,
  },
];

const PERSON = { key: "tier", type: "person", operator: "exact", value: "gold" };
const NEEDY = {
  property: { filters: { groups: [{ properties: [PERSON] }] } },
  version: {
    filters: { groups: [{ properties: [{ ...PERSON, operator: "semver_gte", value: "2.0" }] }] },
  },
  cohort: { filters: { groups: [{ properties: [{ key: "id", type: "cohort", value: 1 }] }] } },
  static: { filters: { groups: [{ properties: [{ key: "id", type: "cohort", value: 9 }] }] } },
  device: { filters: { groups: [{}] }, bucketing_identifier: "device_id" },
  company: FLAGS[0] ?? {},
  mixed: { filters: { groups: [{ properties: [PLAN], aggregation_group_type_index: 0 }] } },
  dependent: {
    filters: {
      groups: [
        {
          properties: [
            {
              ...{ key: "property", type: "flag", operator: "flag_evaluates_to", value: true },
              dependency_chain: ["property"],
            },
          ],
        },
      ],
    },
  },
};
const COHORTS = {
  1: {
    type: "OR",
    values: [
      { type: "AND", values: [PERSON, { ...PERSON, key: "email", operator: "is_set" }] },
      { type: "AND", values: [{ type: "cohort", key: "id", value: 2 }] },
    ],
  },
  2: { type: "OR", values: [{ ...PERSON, key: "city" }] },
  3: { type: "OR", values: [{ type: "cohort", key: "id", value: 3 }, PERSON] },
};

const GROUPS = { groups: { company: "acme" }, groupProperties: { company: { plan: "team" } } };

describe("posthogExplainer", () => {
  it.each([
    {
      flagKey: "company",
      attributes: { $groups: GROUPS.groups, $group_properties: GROUPS.groupProperties },
      value: true,
      text: "true",
      because: "the attributes contain groups",
    },
    {
      flagKey: "company",
      extras: GROUPS,
      value: true,
      text: "true",
      because: "the extras contain groups",
    },
    { flagKey: "company", value: false, text: "false", because: "the person is in no group" },
    {
      flagKey: "sticky",
      value: null,
      text: "unresolved (experience_continuity)",
      because: "only the server can decide",
    },
    { flagKey: "none", value: null, text: "undefined", because: "there is no such flag" },
  ])("answers $flagKey with $text, because $because", (row) => {
    const { attributes = {}, extras, flagKey, text, value } = row;
    const answer = ask({ flagKey, attributes, ...(extras === undefined ? {} : { extras }) });
    expect(answer).toMatchObject({ type: null, value, result: { kind: "value", text } });
    expect(answer.explanation).toMatchObject({ flagKey, error: null });
  });

  it.each([
    { flagKey: "property", missing: ["tier"], says: /tier is missing/ },
    { flagKey: "property", attributes: { tier: "gold" }, missing: [], says: /applies/ },
    { flagKey: "version", attributes: { tier: "new" }, missing: [], says: /value "new" cannot/ },
    {
      flagKey: "cohort",
      missing: ["tier", "email", "city"],
      says: /tier, email, city are missing/,
    },
    {
      flagKey: "cohort",
      attributes: { city: "a", tier: "gold" },
      missing: ["email"],
      says: /email is/,
    },
    { flagKey: "static", missing: [], says: /only the server can decide it/ },
    { flagKey: "device", missing: ["$device_id"], says: /: pass \$device_id\n/ },
    {
      flagKey: "company",
      missing: ["$groups.company"],
      says: /: pass \$groups with \{"company":"…"\}\n/,
    },
    {
      ...{ flagKey: "company", attributes: { $groups: { company: "acme" } } },
      ...{ missing: ["$group_properties.company.plan"], says: /company\.plan is missing/ },
    },
    {
      flagKey: "mixed",
      missing: ["$groups.company"],
      says: /: pass \$groups with \{"company":"…"\}\n/,
    },
    { flagKey: "dependent", missing: [], says: /the flag that it depends on/ },
  ])(
    "names what $flagKey needs with $attributes",
    ({ attributes = {}, flagKey, missing, says }) => {
      const flags = Object.entries(NEEDY).map(([key, it], id) => ({
        active: true,
        ...it,
        id,
        key,
      }));
      const { explanation, result } = ask({ flagKey, attributes }, flags);
      expect(explanation.flag?.missing).toEqual(missing);
      expect(explanationText(explanation, { result })).toMatch(says);
    },
  );

  it("lists the conditions of a cohort that contains itself once", () => {
    const conditions = cohortConditions(configurationOf([]), 3);
    expect(conditions).toEqual([
      { attribute: "tier", operator: "exact", expected: "gold", problem: null },
    ]);
    expect(cohortConditions(configurationOf([]), "toString")).toEqual([]);
  });

  it("answers with undefined if there is no distinct id, and explains why", () => {
    const { explanation, result } = ask({ flagKey: "company", subjectKey: "" });
    expect(result).toEqual({ kind: "value", text: "undefined" });
    expect(explanation.error).toBe("Invalid argument: subjectKey cannot be blank");
  });
});

function configurationOf(flags: readonly object[]): Configuration {
  return Configuration.from({
    dialect: posthog(),
    payloads: {
      flags: JSON.stringify({ flags, group_type_mapping: { 0: "company" }, cohorts: COHORTS }),
    },
  });
}

function ask(
  question: { flagKey: string; subjectKey?: string; attributes?: object },
  flags: readonly object[] = FLAGS,
) {
  const client = createExplainingClient(configurationOf(flags), posthogExplainer);
  return client.answer({
    subjectKey: "user-1",
    nowMs: 0,
    ...question,
    attributes: { ...question.attributes },
  });
}
