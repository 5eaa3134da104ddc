import { type Counts, together, totalOf } from "./counts.js";
import type { Split } from "./split.js";
import type { Parts } from "./tally.js";

/** Consecutive days. */
export interface DayRange {
  readonly first: string;
  readonly last: string;
  readonly counts: Counts;
}

/** A number of subjects, in total and until the start of each day. */
interface Series {
  readonly total: number;
  readonly untilDay: readonly number[];
}

/** Ranges are not compared above this, because their number grows with the square of the number of days. */
const MAX_DAYS = 1_000;

/** Number of ranges with at least two days but not all days. */
export function rangesOf(days: Parts): number {
  const n = days.size;
  return n < 3 || n > MAX_DAYS ? 0 : (n * (n + 1)) / 2 - n - 1;
}

/** The range of these consecutive days. */
export function rangeOf(names: readonly string[], days: Parts): DayRange {
  const counts = together(names.map((name) => days.get(name) ?? new Map()));
  return { first: names[0] ?? "", last: names.at(-1) ?? "", counts };
}

/**
 * Finds the range of days that is most likely to be split differently from the rest, which is the range with the
 * largest likelihood ratio (Kulldorff, "A spatial scan statistic", 1997). The remaining days have the same ratio as
 * the range, so the range must also differ more from the configured shares than they do.
 *
 * @param all - subjects of all days, and subjects without a time.
 * @returns `null` if there is no such range.
 */
export function mostDifferentRange(days: Parts, all: Counts, split: Split): DayRange | null {
  if (rangesOf(days) === 0) return null;
  const names = [...days.keys()];
  const subjects = totalOf(all);
  const totals = split.totalsByStratum(all);
  const totalsByDay = [...days.values()].map((counts) => split.totalsByStratum(counts));
  const strata = new Map<number, Series>();
  for (const [stratum, total] of totals) {
    const untilDay = sumsOf(totalsByDay.map((it) => it.get(stratum) ?? 0));
    strata.set(stratum, { total, untilDay });
  }
  const untilDay = sumsOf([...days.values()].map(totalOf));
  const variations = [...all].map(([key, total]) => ({
    total,
    share: split.shareOf(key),
    stratum: strata.get(split.stratumOf(key)) as Series, // of each key
    untilDay: sumsOf([...days.values()].map((counts) => counts.get(key) ?? 0)),
  }));
  let best: { from: number; to: number; ratio: number } | null = null;
  for (let from = 0; from < names.length - 1; from++) {
    for (let to = from + 2; to <= names.length; to++) {
      if (to - from === names.length) continue;
      const inside = ({ untilDay }: Series): number => (untilDay[to] ?? 0) - (untilDay[from] ?? 0);
      const outside = (of: Series): number => of.total - inside(of);
      let ratio = 0;
      for (const of of strata.values()) ratio -= xLnX(inside(of)) + xLnX(outside(of));
      for (const of of variations) ratio += xLnX(inside(of)) + xLnX(outside(of));
      if (best !== null && ratio <= best.ratio) continue;
      /** Distance of some subjects' shares from the configured ones, as in Cohen's w. */
      const effectOf = (count: (of: Series) => number, among: number): number =>
        variations.reduce((effect, of) => {
          const expected = count(of.stratum) * of.share;
          const difference = count(of) - expected;
          return difference === 0 ? effect : effect + difference ** 2 / expected / among;
        }, 0);
      const size = (untilDay[to] ?? 0) - (untilDay[from] ?? 0);
      if (effectOf(inside, size) >= effectOf(outside, subjects - size)) best = { from, to, ratio };
    }
  }
  return best === null ? null : rangeOf(names.slice(best.from, best.to), days);
}

/** Prefix sums, starting with 0. */
function sumsOf(numbers: readonly number[]): readonly number[] {
  const sums = [0];
  for (const number of numbers) sums.push((sums.at(-1) ?? 0) + number);
  return sums;
}

function xLnX(x: number): number {
  return x === 0 ? 0 : x * Math.log(x);
}
