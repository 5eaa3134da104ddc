import { type Counts, together, totalOf } from "./counts.js";
import type { Shares } from "./split-test.js";
import type { Parts } from "./tally.js";

/** Consecutive days. */
export interface DayRange {
  readonly first: string;
  readonly last: string;
  readonly counts: Counts;
}

/** The number of ranges grows with the square of the number of days. */
const MAX_DAYS = 1_000;

/** How many ranges of two days or more, but not of all days, there are. */
export function rangesOf(days: Parts): number {
  const n = days.size;
  return n < 3 || n > MAX_DAYS ? 0 : (n * (n + 1)) / 2 - n - 1;
}

/** Some days that follow each other. */
export function rangeOf(names: readonly string[], days: Parts): DayRange {
  const counts = together(names.map((name) => days.get(name) ?? new Map()));
  return { first: names[0] ?? "", last: names.at(-1) ?? "", counts };
}

/**
 * The range of days that is most probably split differently from the rest: of all ranges, the one with the largest likelihood
 * ratio (Kulldorff, "A spatial scan statistic", 1997). All other days together have the same ratio, so a range must also
 * differ from the configured shares more than they do.
 *
 * @param all - subjects of all days, and those without a time.
 * @returns `null`: there is none.
 */
export function mostDifferentRange(days: Parts, all: Counts, shares: Shares): DayRange | null {
  if (rangesOf(days) === 0) return null;
  const names = [...days.keys()];
  const sum = totalOf(shares);
  const subjects = totalOf(all);
  const untilDay = sumsOf([...days.values()].map(totalOf));
  const variations = [...all].map(([variation, total]) => ({
    total,
    share: (shares.get(variation) ?? 0) / sum,
    untilDay: sumsOf([...days.values()].map((counts) => counts.get(variation) ?? 0)),
  }));
  /** How far the shares of some subjects are from the configured ones, as in Cohen's w. */
  const effectOf = (count: (of: (typeof variations)[number]) => number, among: number): number =>
    variations.reduce((effect, variation) => {
      const { share } = variation;
      const difference = count(variation) / among - share;
      return difference === 0 ? effect : effect + difference ** 2 / share;
    }, 0);
  let best: { from: number; to: number; ratio: number } | null = null;
  for (let from = 0; from < names.length - 1; from++) {
    for (let to = from + 2; to <= names.length; to++) {
      if (to - from === names.length) continue;
      const inside = (of: (typeof variations)[number]): number =>
        (of.untilDay[to] ?? 0) - (of.untilDay[from] ?? 0);
      const size = (untilDay[to] ?? 0) - (untilDay[from] ?? 0);
      let ratio = -xLnX(size) - xLnX(subjects - size);
      for (const variation of variations) {
        const count = inside(variation);
        ratio += xLnX(count) + xLnX(variation.total - count);
      }
      if (best !== null && ratio <= best.ratio) continue;
      const effectOutside = effectOf((of) => of.total - inside(of), subjects - size);
      if (effectOf(inside, size) >= effectOutside) best = { from, to, ratio };
    }
  }
  return best === null ? null : rangeOf(names.slice(best.from, best.to), days);
}

/** Sums of the first 0, 1, … numbers. */
function sumsOf(numbers: readonly number[]): readonly number[] {
  const sums = [0];
  for (const number of numbers) sums.push((sums.at(-1) ?? 0) + number);
  return sums;
}

function xLnX(x: number): number {
  return x === 0 ? 0 : x * Math.log(x);
}
