/** In place of a zero denominator. */
const TINY = 1e-300;

/** A few units in the last place, below which a factor may keep changing its sign. */
const PRECISION = 1e-15;

/**
 * `1 / (b(0) + a(1) / (b(1) + a(2) / (b(2) + …)))`, from the front until it no longer changes: the modified
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
    // Not `>`: what is not a number ends here.
    if (!(Math.abs(factor - 1) > PRECISION)) return value;
  }
}
