import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { topOf, weigh } from "./weigh.js";

describe("topOf", () => {
  it.each([
    { values: [1, 3, 2], names: ["a", "b", "c"], top: 1, because: "it is the highest" },
    { values: [2, 2, 2], names: ["b", "c", "a"], top: 2, because: "its name is the smallest" },
    {
      values: [2, 2],
      names: ["😀", "\ue000"],
      top: 0,
      because: "names are compared by UTF-16 units",
    },
    { values: [2, 2], names: ["10", "9"], top: 0, because: "names are strings, not numbers" },
    { values: [Number.NaN, 5], names: ["a", "b"], top: 0, because: "nothing exceeds NaN" },
    { values: [5, Number.NaN], names: ["a", "b"], top: 0, because: "NaN exceeds nothing" },
    { values: [-0, 0], names: ["b", "a"], top: 1, because: "zeros are equal" },
  ])("is $top of $values, because $because", ({ values, names, top }) => {
    expect(topOf(values, names)).toBe(top);
  });
});

describe("weigh", () => {
  const weights = (values: number[], gamma: number, floor: number): number[] => [
    ...weigh(
      values,
      values.map((_, i) => `action ${i}`),
      gamma,
      floor,
    ),
  ];

  it.each([
    { values: [1], gamma: 1, floor: 0.1, expected: [1], because: "an only action is always shown" },
    {
      values: [0, 0, 0, 0],
      gamma: 1,
      floor: 0,
      expected: [0.25, 0.25, 0.25, 0.25],
      because: "nothing is known",
    },
    {
      values: [3, 1],
      gamma: 1,
      floor: 0,
      expected: [0.75, 0.25],
      because: "the gap is 2: 1 / (2 + 1 · 2)",
    },
    {
      values: [3, 1],
      gamma: 10,
      floor: 0.5,
      expected: [0.75, 0.25],
      because: "the floor of two is its half",
    },
    {
      values: [9, 0, 0],
      gamma: 1,
      floor: 2,
      expected: [0, 2 / 3, 2 / 3],
      because: "a floor above 1 leaves nothing",
    },
    {
      values: [Number.NaN, 1],
      gamma: 1,
      floor: 0,
      expected: [Number.NaN, Number.NaN],
      because: "there is no gap to NaN",
    },
  ])("gives $expected to $values, because $because", ({ values, gamma, floor, expected }) => {
    expect(weights(values, gamma, floor)).toEqual(expected);
  });

  it("gives weights that add up to 1, with only the best one allowed below its share of the floor", () => {
    const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (values, gamma) => {
          const given = weights(values, gamma, 0.1);
          expect(given.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
          expect(Math.min(...given)).toBeGreaterThanOrEqual(0.1 / values.length - 1e-12);
        },
      ),
    );
  });
});
