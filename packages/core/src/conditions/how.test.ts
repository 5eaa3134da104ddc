import { describe, expect, it } from "vitest";
import { coverAll, howOf } from "./how.js";

describe("howOf", () => {
  it.each([
    { facts: [true, true, true] as const, how: "rule", because: "conditions come first" },
    { facts: [false, true, true] as const, how: "split", because: "shares come before the place" },
    { facts: [false, false, true] as const, how: "static", because: "nothing precedes it" },
    { facts: [false, false, false] as const, how: "fallthrough", because: "something does" },
  ])("is $how, because $because", ({ facts: [hasConditions, isSplit, isFirst], how }) => {
    expect(howOf({ hasConditions, isSplit: () => isSplit, isFirst })).toBe(how);
  });
});

describe("coverAll", () => {
  it.each([
    { ranges: [[0, 10]], isAll: true, because: "one range has the ends" },
    {
      ranges: [
        [5, 20],
        [-1, 5],
      ],
      isAll: true,
      because: "ranges may touch, in any order",
    },
    {
      ranges: [
        [0, 4],
        [5, 10],
      ],
      isAll: false,
      because: "4 is in none",
    },
    { ranges: [[0, 9]], isAll: false, because: "9 is in none" },
    {
      ranges: [
        [0, 10],
        [2, 3],
      ],
      isAll: true,
      because: "a range may lie in another",
    },
    { ranges: [[Number.NaN, 10]], isAll: false, because: "no comparison with NaN holds" },
    { ranges: [], isAll: false, because: "there is no range" },
  ])("of $ranges is $isAll, because $because", ({ isAll, ranges }) => {
    expect(
      coverAll(
        ranges.map(([start = 0, end = 0]) => ({ start, end })),
        10,
      ),
    ).toBe(isAll);
  });
});
