import { describe, expect, it } from "vitest";
import { fisherTest } from "./fisher-test.js";
import { homogeneityTest } from "./homogeneity-test.js";

/** Returns all groups of `size` that can be taken from the counts `both`. */
function groupsOf([first = 0, ...others]: readonly number[], size: number): number[][] {
  if (others.length === 0) return size <= first ? [[size]] : [];
  return Array.from({ length: Math.min(first, size) + 1 }, (_, k) =>
    groupsOf(others, size - k).map((rest) => [k, ...rest]),
  ).flat();
}

function choose(n: number, k: number): bigint {
  let ways = 1n;
  for (let i = 0; i < k; i++) ways = (ways * BigInt(n - i)) / BigInt(i + 1);
  return ways;
}

describe("fisherTest", () => {
  it("returns 34/70 for a lady tasting tea who is right about three of four cups", () => {
    // Fisher, "The Design of Experiments" (1935).
    expect(fisherTest([3, 1], [1, 3])).toEqual({
      pValue: expect.closeTo(34 / 70, 13),
      method: "exact",
    });
  });

  it.each([[[6, 9]], [[2, 11]], [[4, 5, 6]], [[1, 2, 9]], [[3, 4, 2, 5]]])(
    "equals a full enumeration in integers, for each group of %j",
    (both) => {
      const total = both.reduce((sum, count) => sum + count, 0);
      for (let size = 0; size <= total; size++) {
        const groups = groupsOf(both, size);
        const weights = groups.map((group) =>
          group.reduce((product, count, i) => product * choose(both[i] ?? 0, count), 1n),
        );
        groups.forEach((group, i) => {
          const own = weights[i] ?? 0n;
          const extreme = weights.reduce((sum, weight) => (weight <= own ? sum + weight : sum), 0n);
          const expected = Number(extreme) / Number(choose(total, size));
          const { method, pValue } = fisherTest(
            group,
            both.map((count, outcome) => count - (group[outcome] ?? 0)),
          );
          expect(method).toBe("exact");
          if (!(Math.abs(pValue / expected - 1) < 1e-12)) expect({ group, pValue }).toBe(expected);
        });
      }
    },
  );

  it("draws results if too many are possible, and comes close to an enumeration", () => {
    const [first, second] = [
      [40, 30, 20],
      [100, 140, 90],
    ];
    const drawn = fisherTest(first, second, { maxResults: 1 });
    const exact = fisherTest(first, second);
    expect([drawn.method, exact.method]).toEqual(["drawn", "exact"]);
    // The standard error of 10,000 draws is 0.005.
    expect(Math.abs(drawn.pValue - exact.pValue)).toBeLessThan(0.02);
  });

  it("agrees with the chi-square test for large groups", () => {
    const [first, second] = [
      [5_100, 4_900, 2_000],
      [50_000, 50_000, 20_000],
    ];
    const drawn = fisherTest(first, second, { draws: 20_000 });
    expect(drawn.method).toBe("drawn");
    expect(Math.abs(drawn.pValue - homogeneityTest(first, second).pValue)).toBeLessThan(0.015);
  });

  it("never returns 0 by drawing", () => {
    const options = { draws: 99, maxResults: 1 };
    expect(fisherTest([500, 0], [0, 500], options)).toEqual({ pValue: 0.01, method: "drawn" });
  });

  it("is exact in the far tail", () => {
    // Both ends: 2 / (100 over 50).
    const expected = 2 / Number(choose(100, 50));
    expect(Math.abs(fisherTest([50, 0], [0, 50]).pValue / expected - 1)).toBeLessThan(1e-12);
  });

  it.each([
    { first: [0, 0], second: [5, 7], because: "a group is empty" },
    { first: [3, 0], second: [5, 0], because: "there is one outcome" },
    { first: [0, 0], second: [0, 0], because: "nothing was counted" },
  ])("returns 1 for $first and $second, because $because", ({ first, second }) => {
    expect(fisherTest(first, second)).toEqual({ pValue: 1, method: "exact" });
  });

  it.each([0, 1.5, Number.NaN])("rejects %s draws", (draws) => {
    expect(() => fisherTest([1, 2], [2, 1], { draws, maxResults: 1 })).toThrow(
      new RangeError(`draws: expected a positive integer, received ${draws}`),
    );
  });

  it("rejects groups with different outcomes", () => {
    expect(() => fisherTest([1, 2], [1, 2, 3])).toThrow(RangeError);
  });
});
