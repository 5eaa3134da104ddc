import { chiSquareTest } from "@sortition/proof";

/** The probability that chance alone deviates from the shares as these counts do, or more. */
export function probabilityOf(counts: readonly number[], shares: readonly number[]): number {
  return chiSquareTest(counts, shares).pValue;
}
