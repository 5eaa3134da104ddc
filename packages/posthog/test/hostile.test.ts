import { growthOf } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { clientOf, evaluate } from "./ours.js";

function cohortFilter(id: unknown, more: object = {}): object {
  return { key: "id", type: "cohort", value: id, ...more };
}

function flagFilter(key: string, chain: readonly string[]): object {
  return { key, type: "flag", value: true, dependency_chain: chain };
}

function flag(key: string, ...properties: readonly object[]): object {
  return { key, active: true, filters: { groups: [{ properties }] } };
}

const USER = { distinctId: "user" };

describe("hostile definitions", () => {
  it("make a flag fail if a cohort contains itself", () => {
    const again = { type: "OR", values: [cohortFilter(2), cohortFilter(2)] };
    const client = clientOf({
      flags: [flag("a", cohortFilter(1)), flag("b")],
      cohorts: { 1: again, 2: { type: "AND", values: [cohortFilter(1), cohortFilter(1)] } },
    });
    expect(evaluate(client, { ...USER, flag: "a" })).toEqual({ throws: "SORTITION_EVALUATION" });
    expect(evaluate(client, { ...USER, flag: "b" })).toEqual({ value: true });
  });

  it("do not hide later conditions if a cohort contains itself after an unknown filter", () => {
    const doubtful = { properties: [{ key: "absent", value: "x" }, cohortFilter(1)] };
    const groups = [doubtful, { properties: [cohortFilter(2)] }];
    const client = clientOf({
      flags: [{ key: "a", active: true, filters: { groups } }],
      cohorts: {
        1: { type: "AND", values: [cohortFilter(1)] },
        2: { type: "AND", values: [{ key: "plan", value: "pro" }] },
      },
    });
    const personProperties = { plan: "pro" };
    expect(evaluate(client, { ...USER, flag: "a", personProperties })).toEqual({ value: true });
  });

  it("make a flag fail if a cohort's group is a list", () => {
    const device = { ...flag("a", cohortFilter(1)), bucketing_identifier: "device_id" };
    const client = clientOf({ flags: [device], cohorts: { 1: { type: "AND", values: [[]] } } });
    expect(evaluate(client, { ...USER, flag: "a" })).toEqual({ throws: "SORTITION_EVALUATION" });
  });

  it("may have numbers beyond the range of doubles in a payload", () => {
    const text = `{"flags":[{"key":"a","active":true,"filters":{"groups":[{}],"payloads":{"true":[-1e999,-0,{}]}}}]}`;
    const outcome = evaluate(clientOf(text), { ...USER, flag: "a" });
    const payload = [Number.NEGATIVE_INFINITY, -0, {}];
    expect(outcome).toStrictEqual({ value: true, payload });
  });

  it("may have very many paths to one cohort", () => {
    const ids = Array.from({ length: 60 }, (_, i) => i);
    const cohorts = Object.fromEntries(
      ids.map((id) => [id, { type: "AND", values: [cohortFilter(id + 1), cohortFilter(id + 1)] }]),
    );
    const client = clientOf({
      flags: [flag("a", cohortFilter(0))],
      cohorts: { ...cohorts, 60: {} },
    });
    expect(evaluate(client, { ...USER, flag: "a" })).toEqual({ value: true });
  });

  it("leave flags unresolved that depend on each other or on themselves", () => {
    const client = clientOf({
      flags: [
        flag("a", flagFilter("b", ["b"])),
        flag("b", flagFilter("a", ["a"])),
        flag("self", flagFilter("self", ["self"])),
      ],
    });
    for (const key of ["a", "b", "self"]) {
      const outcome = evaluate(client, { ...USER, flag: key });
      expect(outcome).toEqual({ unresolved: "unresolved_dependency" });
    }
  });

  it("may have very many paths to a dependency", () => {
    const flags = Array.from({ length: 60 }, (_, i) => {
      const next = `f${i + 1}`;
      return flag(`f${i}`, flagFilter(next, [next]), flagFilter(next, [next]));
    });
    const open = flag("f60", { key: "absent", value: "x" });
    const client = clientOf({ flags: [...flags, open] });
    const outcome = evaluate(client, { ...USER, flag: "f0" });
    expect(outcome).toEqual({ unresolved: "unresolved_dependency" });
  });

  it("may have names of Object.prototype as keys", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const text = JSON.stringify({
      flags: [
        ...names.map((name) => flag(name, { key: name, value: "x" })),
        flag("cohort", cohortFilter("constructor")),
        { ...flag("group"), filters: { groups: [{}], aggregation_group_type_index: "toString" } },
      ],
      cohorts: {},
      group_type_mapping: {},
    });
    const client = clientOf(text);
    for (const name of names) {
      const absent = evaluate(client, { ...USER, flag: name });
      expect(absent).toEqual({ unresolved: "missing_context" });
      const personProperties = Object.fromEntries([[name, "x"]]);
      const present = evaluate(client, { ...USER, flag: name, personProperties });
      expect(present).toEqual({ value: true });
    }
    const unsupported = { unresolved: "unsupported_definition" };
    expect(evaluate(client, { ...USER, flag: "cohort" })).toEqual(unsupported);
    expect(evaluate(client, { ...USER, flag: "group" })).toEqual(unsupported);
    expect(evaluate(client, { ...USER, flag: "valueOf" })).toEqual({ unresolved: null });
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("may contain strings of 10 MB, also in properties", () => {
    const long = "x".repeat(10_000_000);
    const client = clientOf({
      flags: [
        flag("long", { key: "a", operator: "icontains", value: long }),
        flag("regex", { key: "a", operator: "regex", value: "y$" }),
        flag("exact", { key: "a", value: [long] }),
      ],
    });
    const personProperties = { a: `${long}y` };
    expect(evaluate(client, { ...USER, flag: "long", personProperties })).toEqual({ value: true });
    expect(evaluate(client, { ...USER, flag: "regex", personProperties })).toEqual({ value: true });
    expect(evaluate(client, { ...USER, flag: "exact", personProperties })).toEqual({
      value: false,
    });
  });

  it.each([
    ["groups", (text: string) => ({ groups: text }), { value: true }],
    [
      "properties of a group",
      (text: string) => ({ groups: [{ properties: text }] }),
      { unresolved: "unsupported_definition" },
    ],
  ])(
    "may have a string of 10 MB for %s, which takes at most forty times as long as 1 MB",
    (_, filters, expected) => {
      const definitions = (text: string) => ({
        flags: [{ key: "f", active: true, filters: filters(text) }],
      });
      const evaluating = (length: number) => () => {
        const client = clientOf(definitions("x".repeat(length)));
        expect(evaluate(client, { ...USER, flag: "f" })).toEqual(expected);
      };
      // The payload is parsed, which takes time for each character, and more for a large string, which the collector treats otherwise.
      const work = { small: evaluating(1_000_000), large: evaluating(10_000_000) };
      expect(growthOf(work, 40)).toBeLessThanOrEqual(40);
      for (const text of ["x", "xy", "\u{1f600}"]) {
        expect(evaluate(clientOf(definitions(text)), { ...USER, flag: "f" })).toEqual(expected);
      }
    },
  );

  it("make a flag fail if its groups nest too deeply", () => {
    const open = '{"type":"AND","values":[';
    const text = `{"flags":[${JSON.stringify(flag("deep", cohortFilter(1)))}],"cohorts":{"1":${open.repeat(50_000)}${"]}".repeat(50_000)}}}`;
    const outcome = evaluate(clientOf(text), { ...USER, flag: "deep" });
    expect(outcome).toEqual({ throws: "SORTITION_EVALUATION" });
  });
});

describe("hostile attributes", () => {
  const client = clientOf({ flags: [flag("f", { key: "a", value: "x" })] });

  it("make a flag fail if they throw when they are read", () => {
    const personProperties = {
      get a(): never {
        throw new Error("no");
      },
    };
    const outcome = evaluate(client, { ...USER, flag: "f", personProperties });
    expect(outcome).toEqual({ throws: "SORTITION_EVALUATION" });
  });

  it("may evaluate another flag when they are read", () => {
    const personProperties = {
      get a(): string {
        const inner = evaluate(client, { ...USER, flag: "f", personProperties: { a: "y" } });
        expect(inner).toEqual({ value: false });
        return "x";
      },
    };
    expect(evaluate(client, { ...USER, flag: "f", personProperties })).toEqual({ value: true });
  });

  it("may be circular, so that they have no text", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const outcome = evaluate(client, { ...USER, flag: "f", personProperties: { a: cycle } });
    expect(outcome).toEqual({ unresolved: "missing_context" });
  });
});

describe("patterns that may take exponential time", () => {
  const pattern = { key: "a", operator: "regex", value: "^(a+)+$" };
  const definitions = {
    flags: [
      flag("risky", pattern),
      flag("negated", { ...pattern, operator: "not_regex" }),
      flag("harmless", { key: "a", operator: "regex", value: "^a+$" }),
      flag("cohort", cohortFilter(1)),
    ],
    cohorts: { 1: { type: "AND", values: [pattern] } },
  };
  const personProperties = { a: "aaa" };

  it("are reported as issues in flags and in cohorts", () => {
    const configuration = clientOf(definitions).getConfiguration();
    expect(configuration?.issues.map(({ code, flagKey, path }) => [code, flagKey, path])).toEqual([
      ["risky-pattern", "risky", '$.flags[?(@.key=="risky")].filters.groups[0].properties[0]'],
      ["risky-pattern", "negated", '$.flags[?(@.key=="negated")].filters.groups[0].properties[0]'],
      ["risky-pattern", null, '$.cohorts["1"].values[0]'],
    ]);
  });

  it("are reported as at most a hundred issues of cohorts, with the number of further ones", () => {
    const values = Array.from({ length: 2_000 }, () => pattern);
    const configuration = clientOf({
      flags: [flag("cohort", cohortFilter(1))],
      cohorts: { 1: { type: "AND", values } },
    }).getConfiguration();
    const issues = configuration?.issues ?? [];
    expect(issues).toHaveLength(100);
    expect(issues.at(-1)?.path).toBe('$.cohorts["1"].values[99]');
    expect(issues.at(-1)?.message).toMatch(/; and 1900 more$/);
    expect(configuration?.issueCount).toEqual({ found: 2_000, complete: true });
  });

  it.each([
    [false, { risky: true, negated: false, harmless: true, cohort: true }],
    [true, { risky: false, negated: false, harmless: true, cohort: false }],
  ])("match according to refuseRiskyPatterns: %s", (refuseRiskyPatterns, expected) => {
    const client = clientOf(definitions, { refuseRiskyPatterns });
    for (const [key, value] of Object.entries(expected)) {
      expect(evaluate(client, { ...USER, flag: key, personProperties })).toEqual({ value });
    }
  });

  it("are never run if they are refused", () => {
    const client = clientOf(definitions, { refuseRiskyPatterns: true });
    const catastrophic = { a: `${"a".repeat(60)}!` };
    const outcome = evaluate(client, { ...USER, flag: "risky", personProperties: catastrophic });
    expect(outcome).toEqual({ value: false });
  });
});
