import { Configuration } from "@sortition/core";
import { createExplainingClient } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import { posthog } from "../factory.js";
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

  it("answers with undefined if there is no distinct id, and explains why", () => {
    const { explanation, result } = ask({ flagKey: "company", subjectKey: "" });
    expect(result).toEqual({ kind: "value", text: "undefined" });
    expect(explanation.error).toBe("Invalid argument: subjectKey cannot be blank");
  });
});

function ask(question: { flagKey: string; subjectKey?: string; attributes?: object }) {
  const configuration = Configuration.from({
    dialect: posthog(),
    payloads: {
      flags: JSON.stringify({ flags: FLAGS, group_type_mapping: { 0: "company" }, cohorts: {} }),
    },
  });
  const client = createExplainingClient(configuration, posthogExplainer);
  return client.answer({
    subjectKey: "user-1",
    nowMs: 0,
    ...question,
    attributes: { ...question.attributes },
  });
}
