import { describe, expect, it } from "vitest";
import { oneOf } from "../../src/differential/one-of.js";

describe("oneOf", () => {
  it("returns each element in turn for consecutive seeds", () => {
    const given = [20_261_120, 20_261_121, 20_261_122, 20_261_123].map((seed) =>
      oneOf(seed, ["a", "b", "c"]),
    );
    expect(given).toEqual([["c"], ["a"], ["b"], ["c"]]);
  });

  it("returns one element for any seed", () => {
    for (const seed of [0, -1, 0.5, 2 ** 32 + 1]) expect(oneOf(seed, ["a", "b"])).toHaveLength(1);
  });

  it("returns nothing for an empty list", () => {
    expect(oneOf(1, [])).toEqual([]);
  });
});
