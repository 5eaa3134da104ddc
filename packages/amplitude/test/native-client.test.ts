import { type AssignmentEvent, Configuration, createClient } from "@sortition/core";
import { describe, expect, it } from "vitest";
import { amplitude, cohortPart } from "../src/dialect.js";

function clientOf(flags: readonly object[]) {
  const dialect = amplitude();
  const payloads = { flags: JSON.stringify(flags) };
  return createClient({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads }),
    assignmentLogger: null,
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

describe("the native client", () => {
  it.each([
    { attributes: { country: "DK" }, selector: ["user", "country"], value: "DK" },
    { attributes: { plan: "pro" }, selector: ["user", "user_properties", "plan"], value: "pro" },
    { attributes: { plan: "pro" }, selector: ["user", "plan"], value: null },
    {
      attributes: { country: "DK" },
      selector: ["user", "user_properties", "country"],
      value: null,
    },
    { attributes: {}, selector: ["user", "user_id"], value: "alice" },
    {
      attributes: { user_properties: { country: "DK" } },
      selector: ["user", "user_properties", "country"],
      value: "DK",
    },
    {
      attributes: { groups: { org: ["acme"] } },
      selector: ["groups", "org", "group_name"],
      value: "acme",
    },
    {
      attributes: {
        groups: { org: ["acme"] },
        group_properties: { org: { acme: { plan: "pro" } } },
      },
      selector: ["groups", "org", "group_properties", "plan"],
      value: "pro",
    },
    {
      attributes: { plan: "pro", country: "DK" },
      selector: ["user"],
      value: '{"user_id":"alice","country":"DK","user_properties":{"plan":"pro"}}',
    },
  ])("uses the attributes $attributes for conditions on $selector", (row) => {
    const condition = {
      selector: ["context", ...row.selector],
      op: "is",
      values: [row.value ?? "(none)"],
    };
    const flag = {
      key: "flag",
      variants: { on: { key: "on", value: "on" } },
      segments: [{ conditions: [[condition]], variant: "on" }],
    };
    const client = clientOf([flag]);
    expect(client.getBooleanAssignment("flag", "alice", row.attributes as never, false)).toBe(true);
  });

  it("reads dependencies with indices and a length as a list", () => {
    const on = { variants: { on: { key: "on" } }, segments: [{ variant: "on" }] };
    const client = clientOf([
      { key: "a", dependencies: { length: 1, 0: "b", 1: "a" }, ...on },
      { key: "b", ...on },
      { key: "c", dependencies: { length: 1, 0: "c" }, ...on },
      { key: "d", dependencies: { 0: "b" }, ...on },
    ]);
    const reasons = ["a", "c", "d"].map(
      (key) => client.getBooleanAssignmentDetails(key, "alice", {}, false).reason,
    );
    expect(reasons).toEqual(["static", "error", "error"]);
  });

  it("treats a broken dependency as absent", () => {
    const condition = { selector: ["result", "broken", "key"], op: "is", values: ["(none)"] };
    const client = clientOf([
      { key: "broken" },
      {
        key: "flag",
        dependencies: ["broken"],
        variants: { on: { key: "on" } },
        segments: [{ conditions: [[condition]], variant: "on" }],
      },
    ]);
    expect(client.getBooleanAssignment("flag", "alice", {}, false)).toBe(true);
    expect(client.getBooleanAssignmentDetails("broken", "alice", {}, false).errorCode).toBe(
      "SORTITION_DECODE",
    );
  });
});

describe("risky patterns", () => {
  const flag = (key: string, op: string, ...values: string[]) => ({
    key,
    variants: { on: { key: "on", value: "on" } },
    segments: [
      {
        conditions: [[{ selector: ["context", "user", "user_properties", "a"], op, values }]],
        variant: "on",
      },
    ],
  });
  const bytes = JSON.stringify([
    flag("risky", "regex match", "^(a+)+$"),
    flag("negated", "regex does not match", "^b$", "^(a+)+$"),
    flag("other", "regex match", "^(a+)+$", "^a+$"),
    flag("harmless", "regex does not match", "^b+$"),
  ]);

  it.each([
    [false, { risky: "on", negated: "off", other: "on", harmless: "on" }],
    // A refused pattern decides nothing, whether negated or not.
    [true, { risky: "off", negated: "off", other: "on", harmless: "on" }],
  ])(
    "are issues, and match accordingly with refuseRiskyPatterns %s",
    (refuseRiskyPatterns, expected) => {
      const dialect = amplitude({ refuseRiskyPatterns });
      const configuration = Configuration.from({ dialect, payloads: { flags: bytes } });
      const client = createClient({ dialect, initialConfiguration: configuration });
      for (const [key, value] of Object.entries(expected)) {
        const given = client.getStringAssignment(key, "alice", { a: "aaa" }, "off");
        expect([key, given]).toEqual([key, value]);
      }
      expect(configuration.issues.map(({ code, path }) => [code, path])).toEqual([
        ["risky-pattern", expect.stringMatching(/"risky".*conditions\[0\]\[0\]\.values\[0\]$/)],
        ["risky-pattern", expect.stringMatching(/"negated".*\.values\[1\]$/)],
        ["risky-pattern", expect.stringMatching(/"other".*\.values\[0\]$/)],
      ]);
    },
  );

  it("cause an error if refuseRiskyPatterns is not a boolean", () => {
    expect(() => amplitude({ refuseRiskyPatterns: "yes" as never })).toThrow(/expected a boolean/);
  });
});

describe("a subject without a key", () => {
  const bucket = (member: string) => ({
    selector: ["context", "user", member],
    salt: "s",
    allocations: [{ range: [0, 100], distributions: [{ variant: "on", range: [0, 42949673] }] }],
  });
  const flagOf = (key: string, segment: object) => ({
    key,
    variants: { on: { key: "on", value: "on" } },
    segments: [segment],
  });
  const flags = [
    flagOf("byUser", { bucket: bucket("user_id") }),
    flagOf("byDevice", { bucket: bucket("device_id") }),
    flagOf("all", { variant: "on" }),
  ];
  const dialect = amplitude();
  const bytes = new TextEncoder().encode(JSON.stringify(flags));
  const events: AssignmentEvent[] = [];
  const client = createClient({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytes } }),
    assignmentLogger: { logAssignment: (event: AssignmentEvent) => void events.push(event) },
  });

  it("has no user_id, and is identified in exposures by the hashed string", () => {
    const ask = (flagKey: string) => {
      const { exposure, value } = client.evaluate({
        flagKey,
        subjectAttributes: { device_id: "d" },
        expectedType: "string",
      });
      return [value, exposure.reason];
    };
    expect(ask("byUser")).toEqual([undefined, "default"]);
    expect(ask("byDevice")).toEqual(["on", "delivered"]);
    expect(ask("all")).toEqual(["on", "not-loggable"]);
    expect(events.map(({ subject }) => subject)).toEqual(["d"]);
  });
});

describe("a flag that targets a cohort", () => {
  const segment = (values: readonly string[]) => ({
    conditions: [[{ selector: ["context", "user", "cohort_ids"], op: "set contains any", values }]],
    variant: "on",
  });
  const variants = { on: { key: "on", value: "on" } };
  const flags = [
    { key: "beta", variants, segments: [segment(["c1"])] },
    { key: "dependent", dependencies: ["beta"], variants, segments: [{ variant: "on" }] },
    { key: "plain", variants, segments: [{ variant: "on" }] },
  ];

  it.each([
    { cohorts: false, reported: ["beta"] },
    { cohorts: true, reported: [] },
  ])("is reported once if no cohort was loaded (cohorts: $cohorts)", ({ cohorts, reported }) => {
    const dialect = amplitude();
    const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
    const warnings: unknown[] = [];
    const client = createClient({
      dialect,
      initialConfiguration: Configuration.from({
        dialect,
        payloads: {
          flags: bytes(flags),
          ...(cohorts
            ? { [cohortPart("c1")]: bytes({ groupType: "User", memberIds: ["a"] }) }
            : {}),
        },
      }),
      assignmentLogger: null,
      diagnostics: {
        debug() {},
        info() {},
        warn: (message, facts) => warnings.push([message, facts]),
        error() {},
      },
    });
    for (const key of ["plain", "dependent", "beta", "beta"]) {
      client.getStringAssignment(key, "subject", {}, "none");
    }
    expect(warnings).toEqual(
      reported.map((flagKey) => [
        `flag "${flagKey}" targets a cohort, but no cohort was loaded, so it matches nobody: set cohortSync in amplitudeSource({ deploymentKey, cohortSync })`,
        { cause: "cohorts not loaded", flagKey },
      ]),
    );
  });
});
