import { lnGamma } from "./ln-gamma.js";

/** Logarithms that are kept. */
const MAX_KNOWN = 1_000;

/** Natural logarithm of `count!`. */
export type LnFactorial = (count: number) => number;

/** Returns a function for logarithms of factorials. It keeps those of small numbers, which tests of counts need most often. */
export function lnFactorials(): LnFactorial {
  const known: number[] = [];
  return (count) => {
    if (count >= MAX_KNOWN) return lnGamma(count + 1);
    known[count] ??= lnGamma(count + 1);
    return known[count];
  };
}
