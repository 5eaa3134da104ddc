import { describe, expect, it } from "vitest";
import { seededRandom, xoshiro128 } from "./seeded-random.js";

describe("xoshiro128", () => {
  it("returns the numbers of the reference implementation", () => {
    // Numbers of the authors' C code for the state 1, 2, 3, 4.
    const next = xoshiro128([1, 2, 3, 4]);
    expect(Array.from({ length: 6 }, next)).toEqual([
      11_520, 0, 5_927_040, 70_819_200, 2_031_721_883, 1_637_235_492,
    ]);
  });
});

describe("seededRandom", () => {
  it("returns the same numbers for the same seed, and different ones for the next seed", () => {
    const numbersOf = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
    expect(numbersOf(1)).toEqual(numbersOf(1));
    expect(new Set([0, 1, 2, 2 ** 32 - 1].flatMap(numbersOf)).size).toBe(20);
  });

  it("returns numbers in [0, 1) that are evenly distributed", () => {
    const random = seededRandom(3);
    const tenths = Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(tenths).toHaveLength(10);
    // The limit is four standard deviations.
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(380);
  });

  it.each([-1, 0.5, 2 ** 32, Number.NaN])("rejects the seed %s", (seed) => {
    const message = `seed: expected an integer in 0…4294967295, received ${seed}`;
    expect(() => seededRandom(seed)).toThrow(new RangeError(message));
  });
});
