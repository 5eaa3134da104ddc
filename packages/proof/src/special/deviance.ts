/**
 * Computes `x ln(x / mean) + mean − x` accurately, even if the two are so close that the terms cancel.
 *
 * The method is from Catherine Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000): with
 * `v = (x − mean) / (x + mean)`, the result is `(x − mean) v + 2x (v³/3 + v⁵/5 + …)`.
 *
 * @param x - above 0.
 * @param mean - above 0.
 */
export function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  const v = difference / (x + mean);
  let sum = difference * v;
  let power = 2 * x * v;
  for (let k = 3; ; k += 2) {
    power *= v * v;
    const next = sum + power / k;
    if (next === sum) return sum;
    sum = next;
  }
}
