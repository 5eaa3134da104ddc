import { Configuration, createClient } from "@sortition/core";
import { ifWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { growthbook } from "../src/dialect.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

function clientOf(text: string) {
  const dialect = growthbook();
  const bytes = new TextEncoder().encode(text);
  return createClient({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytes } }),
    diagnostics: SILENT,
  });
}

const ask = (text: string, key = "f", attributes: object = {}): unknown =>
  clientOf(text).getJSONAssignment(key, "alice", attributes as Record<string, string>, {
    isDefault: true,
  });

const DEFAULT = { isDefault: true };

function nested(depth: number, open: string, close: string, inner: string): string {
  return open.repeat(depth) + inner + close.repeat(depth);
}

describe("a hostile payload", () => {
  it("may have features and groups with any name", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty", ""];
    const features = names.map(
      (name) =>
        `${JSON.stringify(name)}:{"rules":[{"condition":{"id":{"$inGroup":${JSON.stringify(name)}}},"force":1}]}`,
    );
    const groups = names.map((name) => `${JSON.stringify(name)}:["alice"]`);
    const text = `{"features":{${features}},"savedGroups":{${groups}}}`;
    for (const name of names.slice(0, -1)) expect(ask(text, name)).toBe(1);
    for (const name of ["valueOf", "isPrototypeOf"]) expect(ask(text, name)).toEqual(DEFAULT);
  });

  it("cannot access a prototype", () => {
    const value = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    const copy = ask(`{"features":{"f":{"defaultValue":${value}}}}`) as object;
    expect(Object.hasOwn(copy, "__proto__")).toBe(true);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  ifWhole(it)("may have strings of 10 MB", () => {
    const long = "x".repeat(10_000_000);
    const rules = [
      { condition: { id: { $regex: `^${long}$` } }, force: 1 },
      { condition: { id: { $in: [long] } }, force: 2 },
      { condition: { id: { $veq: long } }, force: 3 },
      { key: long, variations: [long, long], seed: long },
    ];
    const text = JSON.stringify({ features: { f: { rules } } });
    expect(ask(text) === long).toBe(true);
  });

  it.each([
    ["conditions", nested(10_000, '{"$not":', "}", "{}")],
    ["lists of conditions", nested(10_000, '{"$and":[', "]}", "{}")],
    ["operators", `{"id":${nested(10_000, '{"$not":', "}", '"a"')}}`],
    ["literals", `{"id":${nested(10_000, "[", "]", "")}}`],
    ["groups", `{"id":{"$in":${nested(10_000, "[", "]", "")}}}`],
  ])("makes only one feature fail if it nests %s 10,000 levels deep", (_, condition) => {
    const text = `{"features":{"f":{"rules":[{"condition":${condition},"force":1}]},"g":{"defaultValue":2}}}`;
    const client = clientOf(text);
    expect([1, 9]).toContain(client.getIntegerAssignment("f", "alice", {}, 9));
    expect(client.getIntegerAssignment("g", "alice", {}, 9)).toBe(2);
    expect(Array.isArray(client.getConfiguration()?.issues)).toBe(true);
  });

  it("may nest values 10,000 levels deep", () => {
    const value = nested(10_000, '{"a":', "}", "1");
    expect(ask(`{"features":{"f":{"defaultValue":${value}}}}`)).toHaveProperty("a");
  });

  it("may have chains of prerequisites that exceed the stack", () => {
    const features = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [
        `f${i}`,
        { defaultValue: i, rules: [{ parentConditions: [{ id: `f${i + 1}`, condition: {} }] }] },
      ]),
    );
    const client = clientOf(JSON.stringify({ features }));
    expect(client.getIntegerAssignment("f0", "alice", {}, -1)).toBe(-1);
    expect(client.getIntegerAssignment("f19999", "alice", {}, -1)).toBe(19_999);
    expect(client.getIntegerAssignment("f19000", "alice", {}, -1)).toBe(19_000);
  });

  it("lists a hundred issues, but counts all, for long lists of malformed contexts", () => {
    const contexts = Array.from({ length: 20_000 }, () => ({ condition: 5 }));
    const text = JSON.stringify({ features: {}, contextualBandits: { b: { contexts } } });
    const configuration = clientOf(text).getConfiguration();
    const issues = configuration?.issues ?? [];
    expect(issues).toHaveLength(100);
    expect(issues.at(-1)).toEqual({
      path: '$.contextualBandits["b"].contexts[99].condition',
      flagKey: null,
      code: "malformed",
      message: "expected an object; and 19900 more",
    });
    expect(configuration?.issueCount).toEqual({ found: 20_000, complete: true });
  });

  it("may have cycles of prerequisites and saved groups", () => {
    const text = JSON.stringify({
      features: {
        a: { rules: [{ parentConditions: [{ id: "b", condition: {} }], force: 1 }] },
        b: { rules: [{ parentConditions: [{ id: "a", condition: {} }], force: 1 }] },
        f: { defaultValue: 0, rules: [{ condition: { $savedGroup: { id: "x" } }, force: 1 }] },
      },
      savedGroups: {
        x: { type: "condition", condition: { $savedGroup: { id: "y" } } },
        y: { type: "condition", condition: { $savedGroup: { id: "x" } } },
      },
    });
    expect(ask(text, "a")).toEqual(DEFAULT);
    expect(ask(text, "f")).toBe(0);
  });

  it("may have huge sticky bucket versions", () => {
    const rule = { key: "e", variations: [1, 2], minBucketVersion: 1e15, meta: [{}, {}] };
    expect([1, 2]).toContain(ask(JSON.stringify({ features: { f: { rules: [rule] } } })));
  });
});
