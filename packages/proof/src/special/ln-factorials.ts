import { lnGamma } from "./ln-gamma.js";

/** Number of logarithms that are cached. */
const MAX_KNOWN = 1_000;

/** Natural logarithm of `count!`. */
export type LnFactorial = (count: number) => number;

/** Returns a function for logarithms of factorials. It caches those of small numbers, which tests need most often. */
export function lnFactorials(): LnFactorial {
  const known: number[] = [];
  return (count) => {
    if (count >= MAX_KNOWN) return lnGamma(count + 1);
    known[count] ??= lnGamma(count + 1);
    return known[count];
  };
}
