import { type ChiSquareTest, chiSquareTest } from "@sortition/proof";

/** Observed counts against expected shares. */
export interface Fit extends ChiSquareTest {
  /** False if the deviation is larger than chance gives in one of 3,000 cases. */
  readonly isAsExpected: boolean;
}

const CHANCE = 1 / 3_000;

/** Tests the counts of variations against their shares. A variation without a share is not as expected. */
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
