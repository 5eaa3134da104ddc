import { fisherTest, homogeneityTest } from "@sortition/proof";
import type { Counts } from "./counts.js";
import { EXACT, MAX_PEARSON_P } from "./split-test.js";

/** The test of homogeneity needs at least this many expected subjects. */
const MIN_EXPECTED = 5;

/** The p-value of "both groups are split alike", regardless of the configured shares. */
export function differencePValue(group: Counts, others: Counts): number {
  const names = [...new Set([...group.keys(), ...others.keys()])];
  const first = names.map((name) => group.get(name) ?? 0);
  const second = names.map((name) => others.get(name) ?? 0);
  const { degreesOfFreedom, leastExpected, pValue } = homogeneityTest(first, second);
  const isExact = leastExpected < MIN_EXPECTED && (degreesOfFreedom <= 1 || pValue < MAX_PEARSON_P);
  return isExact ? fisherTest(first, second, EXACT).pValue : pValue;
}
