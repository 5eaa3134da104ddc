import { type Counts, together, totalOf } from "./counts.js";
import type { Split } from "./split.js";
import type { Parts } from "./tally.js";

/** The subjects of a weekday, or of two neighbouring ones, such as a weekend, which differs between countries. */
export interface Weekday {
  readonly name: string;
  readonly counts: Counts;
  /** Whether a time is on such a day (UTC). */
  isOn(timeMs: number): boolean;
}

const NAMES = ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"];
const KINDS: readonly { readonly name: string; readonly days: readonly number[] }[] = [
  ...NAMES.map((name, day) => ({ name, days: [day] })),
  ...NAMES.map((name, day) => {
    const next = (day + 1) % NAMES.length;
    return { name: `${name} and ${NAMES[next]}`, days: [day, next] };
  }),
];

/** Number of parts that may be weekdays, for the correction. */
export const WEEKDAYS: number = KINDS.length;
/** The less deviating half of the days must deviate too, but it has fewer subjects. */
const REPEATED_P = 0.05;

/**
 * The weekdays that deviate repeatedly. If a few days deviate, they are parts themselves, and their weekdays are not.
 *
 * @param byDay - counts by day, `2026-02-01`.
 */
export function weekdaysOf(byDay: Parts, split: Split): readonly Weekday[] {
  return KINDS.flatMap(({ days, name }) => {
    const isOn = (timeMs: number): boolean => days.includes(new Date(timeMs).getUTCDay());
    const own = [...byDay].flatMap(([day, counts]) => (isOn(Date.parse(day)) ? [counts] : []));
    const isRepeated = own.length >= 2 * days.length && deviatesRepeatedly(own, split);
    return isRepeated ? [{ name, counts: together(own), isOn }] : [];
  });
}

function deviatesRepeatedly(days: readonly Counts[], split: Split): boolean {
  const { difference, variation } = split.test(together(days)).largest;
  const deviation = (counts: Counts): number => {
    const observed = (split.observed(counts).get(variation) ?? 0) / totalOf(counts);
    return Math.sign(difference) * (observed - (split.expected(counts).get(variation) ?? 0));
  };
  const sorted = [...days].sort((a, b) => deviation(a) - deviation(b));
  const half = together(sorted.slice(0, Math.ceil(days.length / 2)));
  return deviation(half) > 0 && split.test(half).pValue < REPEATED_P;
}
