import type { Dialect } from "@sortition/core";
import { describe, expect, it } from "vitest";
import { subjectOf } from "./subject.js";

const TERMS: Dialect["openFeature"] = {
  takesNestedValues: true,
  attributeNames: {},
  hasNumericVariations: false,
  subjectOf: null,
  metadataOf: () => ({}),
};
const read = (context: object, terms: Partial<typeof TERMS> = {}) =>
  subjectOf(context as never, { openFeature: { ...TERMS, ...terms } });

describe("subjectOf", () => {
  it("removes the targeting key from the attributes", () => {
    expect(read({ targetingKey: "alice", plan: "pro" })).toEqual({
      key: "alice",
      attributes: { plan: "pro" },
    });
    expect(read({}).key).toBeNull();
    expect(read({ targetingKey: "" }).key).toBeNull();
    expect(subjectOf({ targetingKey: "" }, null, "anybody").key).toBe("anybody");
    expect(subjectOf({ targetingKey: "alice" }, null, "anybody").key).toBe("alice");
    expect(() => read({ targetingKey: 5 })).toThrow("targetingKey: expected a string");
  });

  it("converts dates to ISO 8601 at any depth, and drops values that JSON cannot express", () => {
    const at = new Date(0);
    const context = {
      at,
      deep: { list: [at, undefined, { at }] },
      bad: new Date(Number.NaN),
      symbol: Symbol("s"),
      fn: () => 1,
      big: 1n,
      none: null,
    };
    const iso = "1970-01-01T00:00:00.000Z";
    expect(read(context).attributes).toEqual({
      at: iso,
      deep: { list: [iso, null, { at: iso }] },
      none: null,
    });
  });

  it("shares no objects with the context", () => {
    const context = { list: [{ a: 1 }] };
    const { list } = read(context).attributes as typeof context;
    list[0] = { a: 2 };
    expect(context).toEqual({ list: [{ a: 1 }] });
  });

  it("omits nested values that the dialect's rules cannot read", () => {
    const context = { plan: "pro", nested: { a: 1 }, list: [1], at: new Date(0) };
    expect(read(context, { takesNestedValues: false })).toMatchObject({
      attributes: { plan: "pro", at: "1970-01-01T00:00:00.000Z" },
    });
  });

  it("renames attributes that contexts spell differently", () => {
    const context = { groups: { company: "c" }, groupProperties: { company: { size: 5 } } };
    const attributeNames = { groups: "$groups", groupProperties: "$group_properties" };
    expect(read(context, { attributeNames }).attributes).toEqual({
      $groups: { company: "c" },
      $group_properties: { company: { size: 5 } },
    });
    expect(Object.keys(read(context).attributes)).toEqual(Object.keys(context));
  });

  it("rejects values that contain themselves", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    expect(() => read({ cycle })).toThrow("a value contains itself");
  });

  it("has attributes with any name, and does not modify prototypes", () => {
    const text = '{"__proto__":{"a":1},"deep":{"__proto__":{"b":1}},"constructor":1}';
    const { attributes } = read(JSON.parse(text));
    expect(JSON.stringify(attributes)).toBe(text);
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
  });
});
