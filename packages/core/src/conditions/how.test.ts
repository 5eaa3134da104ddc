import { describe, expect, it } from "vitest";
import { coverAll, howOf } from "./how.js";

describe("howOf", () => {
  it.each([
    { facts: [true, true, true] as const, how: "rule", because: "conditions come first" },
    {
      facts: [false, true, true] as const,
      how: "split",
      because: "shares come before the position",
    },
    { facts: [false, false, true] as const, how: "static", because: "nothing precedes it" },
    {
      facts: [false, false, false] as const,
      how: "fallthrough",
      because: "another allocation precedes it",
    },
  ])("is $how, because $because", ({ facts: [hasConditions, isSplit, isFirst], how }) => {
    expect(howOf({ hasConditions, isSplit: () => isSplit, isFirst })).toBe(how);
  });
});

describe("coverAll", () => {
  it.each([
    { ranges: [[0, 10]], isAll: true, because: "one range covers everything" },
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
      because: "4 is in no range",
    },
    { ranges: [[0, 9]], isAll: false, because: "9 is in no range" },
    {
      ranges: [
        [0, 10],
        [2, 3],
      ],
      isAll: true,
      because: "a range may lie in another",
    },
    { ranges: [[Number.NaN, 10]], isAll: false, because: "comparisons with NaN are false" },
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
