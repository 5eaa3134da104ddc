import { lnGamma } from "@sortition/proof";
import { LEVEL, testSplit } from "../../src/srm/split-test.js";

/**
 * The exact probability of a mismatch when the first of two variations has this share of `n` subjects: the total
 * probability of all rejected results. They lie at both ends, and the search for the limits starts where a normal
 * distribution would put them.
 */
export function typeOneError(n: number, share: number): number {
  const shares = new Map([
    ["a", share],
    ["b", 1 - share],
  ]);
  const isRejected = (a: number): boolean => {
    const counts = new Map([
      ["a", a],
      ["b", n - a],
    ]);
    return testSplit(counts, shares).pValue < LEVEL;
  };
  const mean = n * share;
  const reach = 3.3 * Math.sqrt(mean * (1 - share));
  let low = Math.max(-1, Math.floor(mean - reach));
  let high = Math.min(n + 1, Math.ceil(mean + reach));
  while (low >= 0 && !isRejected(low)) low -= 1;
  while (low + 1 < mean && isRejected(low + 1)) low += 1;
  while (high <= n && !isRejected(high)) high += 1;
  while (high - 1 > mean && isRejected(high - 1)) high -= 1;
  let error = 0;
  for (let a = 0; a <= low; a++) error += probability(a, n, share);
  for (let a = high; a <= n; a++) error += probability(a, n, share);
  return error;
}

function probability(k: number, n: number, p: number): number {
  const ln = lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);
  return Math.exp(ln + k * Math.log(p) + (n - k) * Math.log1p(-p));
}
