import { expect, it } from "vitest";
import { multinomialTest } from "../src/index.js";

/** Shares are integers, so that probabilities are exact fractions. */
const SHARES = [
  [1, 1],
  [9, 1],
  [1, 1, 1],
  [5, 3, 2],
  [70, 29, 1],
  [1, 1, 1, 1],
  [8, 4, 2, 1],
] as const;

/** Returns all ways to divide `total` among `outcomes`. */
function resultsOf(total: number, outcomes: number): readonly (readonly number[])[] {
  if (outcomes === 1) return [[total]];
  return Array.from({ length: total + 1 }, (_, first) =>
    resultsOf(total - first, outcomes - 1).map((rest) => [first, ...rest]),
  ).flat();
}

function factorial(n: number): bigint {
  return n < 2 ? 1n : BigInt(n) * factorial(n - 1);
}

/** `total! Π shareᵢ^nᵢ / nᵢ!`: the probability times the sum of the shares to the power `total`. */
function weightOf(result: readonly number[], shares: readonly number[]): bigint {
  const total = result.reduce((sum, count) => sum + count, 0);
  const ways = result.reduce((left, count) => left / factorial(count), factorial(total));
  return shares.reduce(
    (product, share, i) => product * BigInt(share) ** BigInt(result[i] ?? 0),
    ways,
  );
}

/** Returns the quotient of two integers as a double. */
function quotient(above: bigint, below: bigint): number {
  const bits = 200n;
  return Number((above << bits) / below) / 2 ** Number(bits);
}

it.each(SHARES.map((shares) => ({ shares })))(
  "multinomialTest equals a full enumeration in integers, for up to 12 subjects with the shares $shares",
  ({ shares }) => {
    for (let total = 1; total <= 12; total++) {
      const results = resultsOf(total, shares.length);
      const weights = results.map((result) => weightOf(result, shares));
      const all = weights.reduce((sum, weight) => sum + weight, 0n);
      results.forEach((result, i) => {
        const own = weights[i] ?? 0n;
        const extreme = weights.reduce((sum, weight) => (weight <= own ? sum + weight : sum), 0n);
        const { method, pValue } = multinomialTest(result, shares);
        expect(method).toBe("exact");
        const error = Math.abs(pValue / quotient(extreme, all) - 1);
        if (!(error < 1e-12)) expect({ result, shares, pValue, error }).toBe(null);
      });
    }
  },
);
