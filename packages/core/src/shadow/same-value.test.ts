import { describe, expect, it } from "vitest";
import { sameValue } from "./same-value.js";

const symbol = Symbol("a");

describe("sameValue", () => {
  it.each([
    [1, 1.0, true],
    [0, -0, true],
    [Number.NaN, Number.NaN, true],
    [1, "1", false],
    [true, "true", false],
    [null, undefined, false],
    [null, {}, false],
    ["a", "a", true],
    [{ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 }, true],
    [{ a: 1 }, { a: 1, b: undefined }, false],
    [{ a: undefined }, { b: undefined }, false],
    [[1, 2], [2, 1], false],
    [[], {}, false],
    [{ __proto__: null, a: 1 }, { a: 1 }, true],
    [symbol, symbol, true],
    [symbol, Symbol("a"), false],
  ])("case %#: compares deeply and ignores the order of members", (a, b, expected) => {
    expect([sameValue(a, b), sameValue(b, a)]).toEqual([expected, expected]);
  });

  it("compares values that are nested deeper than the call stack", () => {
    const nested = (): unknown => {
      let value: unknown = 1;
      for (let i = 0; i < 100_000; i++) value = { value };
      return value;
    };
    expect(sameValue(nested(), nested())).toBe(true);
  });
});
