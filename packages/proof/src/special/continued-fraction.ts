/** Replaces a zero denominator. */
const TINY = 1e-300;

/** A few units in the last place. Below this, the difference of a factor from 1 may alternate forever. */
const PRECISION = 1e-15;

/**
 * Computes `1 / (b(0) + a(1) / (b(1) + a(2) / (b(2) + …)))` from the front until it no longer changes, by the modified
 * method of Lentz (Thompson and Barnett, "Coulomb and Bessel functions of complex arguments and order", 1986).
 */
export function continuedFraction(
  a: (index: number) => number,
  b: (index: number) => number,
): number {
  let c = 1 / TINY;
  let d = 1 / (b(0) || TINY);
  let value = d;
  for (let i = 1; ; i++) {
    const numerator = a(i);
    const denominator = b(i);
    d = 1 / (denominator + numerator * d || TINY);
    c = denominator + numerator / c || TINY;
    const factor = c * d;
    value *= factor;
    // The negated comparison also ends the loop for NaN.
    if (!(Math.abs(factor - 1) > PRECISION)) return value;
  }
}
