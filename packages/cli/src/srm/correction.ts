import { type ComparedPart, isOfDays } from "./compared-part.js";
import { rangesOf } from "./day-range.js";
import type { Parts } from "./tally.js";

/**
 * Corrects p-values (Bonferroni). Days and ranges of days share one half of the level, and all other parts the other half.
 * Otherwise the thousands of ranges in a long experiment would hide a faulty country.
 */
export function correctionFor(
  byDay: Parts,
  parts: readonly ComparedPart[],
): (part: ComparedPart, pValue: number) => number {
  const ofDays = byDay.size + rangesOf(byDay);
  const others = parts.filter((part) => !isOfDays(part)).length;
  return (part, pValue) => Math.min(1, 2 * (isOfDays(part) ? ofDays : others) * pValue);
}
