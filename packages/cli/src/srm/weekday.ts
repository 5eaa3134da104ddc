import { type Counts, together, totalOf } from "./counts.js";
import type { Split } from "./split.js";
import type { Parts } from "./tally.js";

/** The subjects of a weekday, or of two neighbouring ones, such as a weekend, which differs between countries. */
export interface Weekday {
  readonly name: string;
  readonly counts: Counts;
  /** The counts of each such day. */
  readonly byDate: readonly Counts[];
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
 * All weekdays and pairs that occur twice.
 *
 * @param byDay - counts by day, `2026-02-01`.
 */
export function weekdaysIn(byDay: Parts): readonly Weekday[] {
  return KINDS.flatMap(({ days, name }) => {
    const isOn = (timeMs: number): boolean => days.includes(new Date(timeMs).getUTCDay());
    const byDate = [...byDay].flatMap(([day, counts]) => (isOn(Date.parse(day)) ? [counts] : []));
    return byDate.length < 2 * days.length
      ? []
      : [{ name, counts: together(byDate), byDate, isOn }];
  });
}

/** The weekdays that deviate repeatedly. If a few days deviate, they are parts themselves, and their weekdays are not. */
export function weekdaysOf(byDay: Parts, split: Split): readonly Weekday[] {
  return weekdaysIn(byDay).filter((it) => deviatesRepeatedly(it, split));
}

function deviatesRepeatedly({ byDate, counts: all }: Weekday, split: Split): boolean {
  const { difference, variation } = split.test(all).largest;
  const deviation = (counts: Counts): number => {
    const observed = (split.observed(counts).get(variation) ?? 0) / totalOf(counts);
    return Math.sign(difference) * (observed - (split.expected(counts).get(variation) ?? 0));
  };
  const sorted = [...byDate].sort((a, b) => deviation(a) - deviation(b));
  const half = together(sorted.slice(0, Math.ceil(byDate.length / 2)));
  return deviation(half) > 0 && split.test(half).pValue < REPEATED_P;
}
