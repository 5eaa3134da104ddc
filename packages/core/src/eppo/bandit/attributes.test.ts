import { describe, expect, it } from "vitest";
import { flattened, isContextual } from "../../conditions/bandit-subject.js";
import { contextOfAction, contextual, readActions } from "./attributes.js";
import { ContextAttributes } from "./context-attributes.js";

const NONE = { numericAttributes: {}, categoricalAttributes: {} };

describe("isContextual", () => {
  it.each([
    { value: NONE, expected: true, because: "both members exist" },
    {
      value: { numericAttributes: null, categoricalAttributes: 1 },
      expected: true,
      because: "their values do not matter",
    },
    { value: { numericAttributes: {} }, expected: false, because: "one member is missing" },
    { value: null, expected: false, because: "it is null" },
  ])("is $expected of $value, because $because", ({ value, expected }) => {
    expect(isContextual(value)).toBe(expected);
  });
});

describe("flattened", () => {
  it("prefers the categorical attribute if both kinds have the name", () => {
    const subject = { numericAttributes: { a: 1, b: 2 }, categoricalAttributes: { a: "x" } };
    expect(flattened(subject)).toEqual({ a: "x", b: 2 });
  });

  it("returns the caller's own object if attributes are flat, and an empty one without attributes", () => {
    const flat = { a: 1 };
    expect(flattened(flat)).toBe(flat);
    expect(flattened(null)).toEqual({});
    expect(flattened(undefined)).toEqual({});
  });
});

describe("contextual", () => {
  it("treats numbers as numeric and everything else as categorical, unconverted", () => {
    const flat = JSON.parse('{"n":1,"__proto__":2,"t":"1","b":true,"z":null}');
    const { numericAttributes, categoricalAttributes } = contextual({
      ...flat,
      u: undefined,
      x: Number.NaN,
      ["__proto__"]: 2,
    });
    expect(Object.entries(numericAttributes)).toEqual([
      ["n", 1],
      ["__proto__", 2],
      ["x", Number.NaN],
    ]);
    expect(categoricalAttributes).toStrictEqual({ t: "1", b: true, z: null, u: undefined });
  });

  it("passes on attributes that are already separated by kind", () => {
    expect(contextual(NONE)).toBe(NONE);
  });
});

describe("readActions", () => {
  it.each([
    {
      actions: ["b", "10", "9", "1"],
      names: ["1", "9", "10", "b"],
      because: "names like integers come first",
    },
    { actions: ["b", "a", "b"], names: ["b", "a"], because: "a repeated name is counted once" },
    {
      actions: ["__proto__", "constructor"],
      names: ["__proto__", "constructor"],
      because: "they are names",
    },
    { actions: [], names: [], because: "there are none" },
    {
      actions: { b: {}, "2": {}, a: NONE },
      names: ["2", "b", "a"],
      because: "a map has the same order",
    },
  ])("names $names, because $because", ({ actions, names }) => {
    expect(readActions(actions as never).names).toEqual(names);
  });

  it("treats attributes as flat unless all are by kind", () => {
    const mixed = readActions({
      a: { numericAttributes: { x: 1 }, categoricalAttributes: {} },
      b: { y: 2 },
    } as never);
    expect(mixed.isContextual).toBe(false);
    expect(contextOfAction(mixed, 1)).toEqual({
      numericAttributes: { y: 2 },
      categoricalAttributes: {},
    });
    expect(contextOfAction(mixed, 0)).toEqual({
      numericAttributes: {},
      categoricalAttributes: { numericAttributes: { x: 1 }, categoricalAttributes: {} },
    });
    expect(contextOfAction(readActions({ a: NONE }), 0)).toBe(NONE);
    expect(contextOfAction(readActions(["a"]), 0)).toEqual(NONE);
  });

  it("rejects an action without attributes", () => {
    expect(() => readActions({ a: null } as never)).toThrow(TypeError);
  });
});

describe("ContextAttributes", () => {
  it("are empty, and fresh for each caller", () => {
    expect(ContextAttributes.empty()).toEqual(NONE);
    expect(ContextAttributes.empty()).not.toBe(ContextAttributes.empty());
  });

  it("are created from flat ones, without unknown values", () => {
    const flat = { age: 5, plan: "pro", isMember: false, city: null, street: undefined };
    expect(ContextAttributes.from(flat)).toStrictEqual({
      numericAttributes: { age: 5 },
      categoricalAttributes: { plan: "pro", isMember: false },
    });
  });
});
