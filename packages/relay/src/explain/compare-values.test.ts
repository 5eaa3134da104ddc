import { describe, expect, it } from "vitest";
import { compareValues } from "./compare-values.js";
import type { FlagValues } from "./explain-subject.js";

/** Values of flags; more flags were requested than evaluated by default. */
const valuesOf = (values: Readonly<Record<string, string>>, left = 0): FlagValues => {
  const map = new Map(Object.entries(values));
  return { values: map, requested: map.size + left };
};

describe("compareValues", () => {
  it("lists flags with different values first, each part by key", () => {
    const here = valuesOf({ a: "1", b: "1", c: "1", e: "1" });
    const there = valuesOf({ a: "1", b: "2", c: "1", d: "1" });
    const { differing, items, requested, total } = compareValues(here, there, 0);
    expect(items).toEqual(["b", "d", "e", "a", "c"]);
    expect([differing, total, requested]).toEqual([3, 5, 5]);
  });

  it.each([
    [valuesOf({ a: "1", c: "1" }, 7), valuesOf({ a: "1", b: "1" }, 8), ["b", "a"]],
    [valuesOf({ a: "1", c: "1" }, 7), valuesOf({ a: "1", c: "1", d: "1" }), ["a", "c"]],
    [valuesOf({ a: "1" }), valuesOf({ a: "1", b: "1" }, 1), ["b", "a"]],
  ])(
    "ignores keys after the last one that both sides have evaluated, case %#",
    (here, there, keys) => {
      expect(compareValues(here, there, 0).items).toEqual(keys);
    },
  );
});
