import { type AssignmentEvent, Configuration, createClient } from "@sortition/core";
import { describe, expect, it } from "vitest";
import { type PosthogDetails, posthog } from "../src/dialect.js";

function flag(key: string, filters: object, more: object = {}): object {
  return { id: 1, key, active: true, filters, ...more };
}

const DEFINITIONS = {
  flags: [
    flag("on", { groups: [{}] }),
    flag("off", { groups: [{}] }, { active: false }),
    flag("variant", {
      groups: [{ rollout_percentage: 0 }, {}],
      multivariate: { variants: [{ key: "blue", rollout_percentage: 100 }] },
      payloads: { blue: '{"b":1}' },
    }),
    flag("unresolved", { groups: [{ properties: [{ key: "absent", value: "x" }] }] }),
    flag("broken", { groups: [null] }),
    flag("held", { groups: [], holdout: { id: 9, exclusion_percentage: 100 } }),
    flag("quiet", { groups: [{}] }, { has_experiment: false }),
    flag("grouped", {
      groups: [{ properties: [{ key: "tier", type: "group", value: "gold" }] }],
      aggregation_group_type_index: 0,
    }),
    flag("named", { groups: [{ properties: [{ key: "$groups", operator: "is_set" }] }] }),
  ],
  group_type_mapping: { 0: "company" },
  cohorts: {},
};

function clientWith(events: AssignmentEvent[] = []) {
  const dialect = posthog();
  const bytes = new TextEncoder().encode(JSON.stringify(DEFINITIONS));
  return createClient<PosthogDetails>({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytes } }),
    assignmentLogger: { logAssignment: (event) => void events.push(event) },
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

describe("details", () => {
  const client = clientWith();

  it("explain why the server would have to decide", () => {
    const { evaluationDetails } = client.getBooleanAssignmentDetails("unresolved", "u", {}, false);
    expect(evaluationDetails).toEqual({
      key: "unresolved",
      value: null,
      payload: null,
      reason: null,
      reasonCode: null,
      unresolvedReason: "missing_context",
      decidedBy: null,
      flagId: 1,
      hasExperiment: null,
    });
    const { evaluationDetails: off } = client.getBooleanAssignmentDetails("off", "u", {}, true);
    expect(off).toMatchObject({
      value: false,
      reasonCode: "flag_disabled",
      reason: "Evaluated locally",
    });
  });
});

describe("groups among the attributes", () => {
  const client = clientWith();
  const attributes = {
    $groups: { company: "acme" },
    $group_properties: { company: { tier: "gold" } },
  };

  it("apply to the call", () => {
    expect(client.getBooleanAssignment("grouped", "user", attributes, false)).toBe(true);
    expect(client.getBooleanAssignment("grouped", "user", { tier: "gold" }, true)).toBe(false);
  });

  it("are not properties of the person", () => {
    const { reason } = client.getBooleanAssignmentDetails("named", "user", attributes, false);
    expect(reason).toBe("unresolved");
  });
});

describe("events", () => {
  it("contain the condition that decided, include flags that are off, and omit flags without an experiment", () => {
    const events: AssignmentEvent[] = [];
    const client = clientWith(events);
    for (const key of [
      "on",
      "off",
      "variant",
      "held",
      "quiet",
      "unresolved",
      "missing",
      "broken",
    ]) {
      client.getBooleanAssignment(key, "user", {}, false);
    }
    client.getStringAssignment("variant", "user", {}, ""); // already seen
    client.getStringAssignment("off", "other", {}, ""); // a default value
    const summary = events.map(({ allocation, experiment, featureFlag, subject, variation }) =>
      [experiment, featureFlag, allocation, variation, subject].join(" "),
    );
    expect(summary).toEqual([
      "on on condition-0 true user",
      "off off  false user",
      "variant variant condition-1 blue user",
      "held held holdout holdout-9 user",
    ]);
  });
});

describe("a flag that cannot be evaluated locally", () => {
  it("is reported once, with the property that the call lacks or the reason", () => {
    const dialect = posthog();
    const plan = { key: "plan", type: "person", value: "pro" };
    const dependency = {
      ...{ key: "new-search", type: "flag", operator: "flag_evaluates_to", value: true },
      dependency_chain: ["new-search"],
    };
    const definitions = {
      flags: [
        flag("new-search", { groups: [{ properties: [plan] }] }),
        flag("cohort", { groups: [{ properties: [{ key: "id", type: "cohort", value: 7 }] }] }),
        flag("dependent", {
          groups: [{ properties: [dependency] }],
        }),
        flag("by-company", {
          groups: [{ properties: [{ key: "tier", type: "group", value: "gold" }] }],
          aggregation_group_type_index: 0,
        }),
        flag("device", { groups: [{}] }, { bucketing_identifier: "device_id" }),
        flag("static", { groups: [{ properties: [{ key: "id", type: "cohort", value: 8 }] }] }),
        flag("continuous", { groups: [{}] }, { ensure_experience_continuity: true }),
        flag("decided", { groups: [{ properties: [plan] }, {}] }),
      ],
      group_type_mapping: { 0: "company" },
      cohorts: { 7: { type: "AND", values: [plan] } },
    };
    const warnings: (readonly [string, unknown])[] = [];
    const client = createClient({
      dialect,
      initialConfiguration: Configuration.from({
        dialect,
        payloads: { flags: new TextEncoder().encode(JSON.stringify(definitions)) },
      }),
      assignmentLogger: null,
      diagnostics: {
        debug() {},
        info() {},
        warn: (message, facts) => warnings.push([message, facts]),
        error() {},
      },
    });
    for (const subject of ["a", "b"]) {
      for (const { key } of definitions.flags as { key: string }[]) {
        client.getBooleanAssignment(key, subject, { $groups: { company: "c" } }, false);
      }
    }
    expect(warnings.map(([message]) => message)).toEqual([
      'flag "new-search" needs the property "plan": default returned',
      'flag "cohort" needs the property "plan": default returned',
      'flag "dependent" needs the property "plan": default returned',
      'flag "by-company" needs the group property "tier": default returned',
      'flag "device" needs the property "$device_id": default returned',
      'flag "static" has a condition that only PostHog\'s server evaluates: default returned',
      'flag "continuous" persists across authentication steps, which only PostHog\'s server evaluates: default returned',
    ]);
    expect(warnings[0]?.[1]).toEqual({ cause: "undecided flag", flagKey: "new-search" });
  });
});
