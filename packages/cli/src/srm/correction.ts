import { isOfDays, type PartKind } from "./compared-part.js";
import { rangesOf } from "./day-range.js";
import { MAX_VALUES, type Tally } from "./tally.js";
import { WEEKDAYS } from "./weekday.js";

/** Kinds of parts of which there is at most one: duplicates, two variations and the revision. */
const SINGLE = 3;

/**
 * Corrects the p-value of a part for the number of all parts of the experiment.
 *
 * @param index - the number of the day or of the period, from 0.
 */
export type Correction = (kind: PartKind, pValue: number, index?: number) => number;

/**
 * Corrects p-values (Bonferroni). Days and ranges of days share one half of the level, and all other parts the other half.
 * Otherwise the thousands of ranges in a long experiment would hide a faulty country.
 *
 * @param periods - number of periods that are parts.
 */
export function correctionFor({ byDay, byValue }: Tally, periods: number): Correction {
  const ofDays = byDay.size + rangesOf(byDay);
  const ofValues = byValue.reduce((sum, { size }) => sum + size, 0);
  const others = ofValues + periods + WEEKDAYS + SINGLE;
  return (kind, pValue) => Math.min(1, 2 * (isOfDays({ kind }) ? ofDays : others) * pValue);
}

/**
 * Corrects always-valid p-values. The number of parts must not depend on when the test is run: the n-th day has the weight
 * 1 / n(n + 1), attributes have the maximum number of values, and ranges of days are not tested. If there are periods, they
 * have the same weights, and share the level of the days.
 */
export function alwaysValidCorrection({ byValue }: Tally, periods: number): Correction {
  const others = byValue.length * MAX_VALUES + WEEKDAYS + SINGLE;
  return (kind, pValue, index = 0) => {
    if (kind === "days") return 1;
    const isOfTime = kind === "day" || kind === "period";
    const ofTime = (periods > 0 ? 2 : 1) * (index + 1) * (index + 2);
    return Math.min(1, 2 * (isOfTime ? ofTime : others) * pValue);
  };
}
