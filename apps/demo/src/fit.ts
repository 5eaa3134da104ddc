import { type ChiSquareTest, chiSquareTest } from "@sortition/proof";

/** Result of comparing observed counts with expected shares. */
export interface Fit extends ChiSquareTest {
  /** False if a deviation of this size happens by chance in less than one of 3,000 cases. */
  readonly isAsExpected: boolean;
}

const CHANCE = 1 / 3_000;

/** Compares the counts of variations with their shares. A variation without a share is unexpected. */
export function fitOf(
  observed: ReadonlyMap<string, number>,
  expected: ReadonlyMap<string, number>,
): Fit {
  const variations = [...new Set([...expected.keys(), ...observed.keys()])];
  const test = chiSquareTest(
    variations.map((variation) => observed.get(variation) ?? 0),
    variations.map((variation) => expected.get(variation) ?? 0),
  );
  return { ...test, isAsExpected: test.pValue > CHANCE };
}
