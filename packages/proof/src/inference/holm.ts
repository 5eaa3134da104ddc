import { requireList } from "./require-list.js";

/**
 * Adjusts p-values of several tests, so that the probability of any false rejection is at most the level of a single test
 * (Holm, "A simple sequentially rejective multiple test procedure", 1979): reject if the adjusted p-value is below the level.
 *
 * @returns the adjusted p-values, in the order of the given ones.
 * @throws RangeError
 */
export function holm(pValues: readonly number[]): readonly number[] {
  requireList("pValues", pValues, "[0.01, 0.2]");
  pValues.forEach((pValue, i) => {
    if (!(pValue >= 0 && pValue <= 1)) {
      const advice =
        Number.isInteger(pValue) && pValue > 1 ? `: ${pValue}% is ${pValue / 100}` : "";
      throw new RangeError(`pValues[${i}]: expected a number in 0…1, received ${pValue}${advice}`);
    }
  });
  const ordered = pValues.map((pValue, i) => ({ pValue, i })).sort((a, b) => a.pValue - b.pValue);
  const adjusted = pValues.slice();
  let largest = 0;
  ordered.forEach(({ i, pValue }, rank) => {
    largest = Math.max(largest, Math.min(1, pValue * (pValues.length - rank)));
    adjusted[i] = largest;
  });
  return adjusted;
}
