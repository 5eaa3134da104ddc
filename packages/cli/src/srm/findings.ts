import {
  type ComparedPart,
  type Comparison,
  comparedParts,
  isOfDays,
  isWithin,
  type PartKind,
  rangePart,
} from "./compared-part.js";
import { totalOf, without } from "./counts.js";
import { rangeOf, rangesOf } from "./day-range.js";
import { differencePValue } from "./difference.js";
import { LEVEL, testSplit } from "./split-test.js";
import type { Parts, Tally } from "./tally.js";

/** What the parts of an experiment show about the cause of a mismatch. */
export interface Findings {
  /** `null` if no single part explains the mismatch. */
  readonly cause: Cause | null;
  /** Parts that are split differently from the rest. */
  readonly differing: readonly DifferingPart[];
  /** Number of parts that were compared with the rest. */
  readonly compared: number;
}

/** The most likely cause of a mismatch: a part that differs from the rest and whose removal leaves no mismatch. */
export interface Cause {
  readonly kind: PartKind;
  /** The days or the value, as shown in the output. */
  readonly name: string;
  readonly subjects: number;
  /** The p-value of the split without these subjects. */
  readonly restPValue: number;
}

/** A part that is split differently from the rest. */
export interface DifferingPart extends ComparedPart {
  /** The p-value of "this part is split like the rest", corrected for the number of parts. */
  readonly pValue: number;
}

/** A part differs from the rest if its corrected p-value is below this. */
const DIFFERENCE_LEVEL = 0.05;

/** Searches for the part of an experiment that causes its mismatch. */
export function findingsOf(tally: Tally, comparison: Comparison): Findings {
  const { all } = tally;
  const { shares } = comparison;
  const parts = comparedParts(tally, comparison);
  const correct = correctionFor(tally.byDay, parts);
  const test = (part: ComparedPart): DifferingPart => {
    return {
      ...part,
      pValue: correct(part, differencePValue(part.counts, without(all, part.counts))),
    };
  };
  const differing = parts.map(test).filter(isDifferent);
  const differsBeyond = (longer: ComparedPart, { counts }: ComparedPart): boolean => {
    const beyond = without(longer.counts, counts);
    const pValue = differencePValue(beyond, without(all, longer.counts));
    return correct(longer, pValue) < DIFFERENCE_LEVEL;
  };
  const wrong = differing.filter(({ counts }) => testSplit(counts, shares).pValue < LEVEL);
  let cause: Cause | null = null;
  for (const part of wrong) {
    const { counts, kind, name } = part;
    const subjects = totalOf(counts);
    if (cause !== null && subjects >= cause.subjects) continue;
    const restPValue = testSplit(without(all, counts), shares).pValue;
    if (restPValue < LEVEL) continue;
    // If a fault lasts several days, removing one of them may already make the rest pass.
    const isPiece = differing.some((it) => isWithin(part, it) && differsBeyond(it, part));
    if (!isPiece) cause = { kind, name, subjects, restPValue };
  }
  // If the rest deviates strongly enough, even correct days differ from it.
  const listed = wrong.length > 0 ? wrong : differing;
  return { cause, differing: withRanges(listed, tally.byDay, test), compared: parts.length };
}

function isDifferent({ pValue }: DifferingPart): boolean {
  return pValue < DIFFERENCE_LEVEL;
}

/**
 * Corrects p-values (Bonferroni). Days and ranges of days share one half of the level, and all other parts the other half.
 * Otherwise the thousands of ranges in a long experiment would hide a faulty country.
 */
function correctionFor(
  byDay: Parts,
  parts: readonly ComparedPart[],
): (part: ComparedPart, pValue: number) => number {
  const ofDays = byDay.size + rangesOf(byDay);
  const others = parts.filter((part) => !isOfDays(part)).length;
  return (part, pValue) => Math.min(1, 2 * (isOfDays(part) ? ofDays : others) * pValue);
}

/** Replaces days with the range that contains them. Other consecutive days that differ together become ranges too. */
function withRanges(
  differing: readonly DifferingPart[],
  byDay: Parts,
  test: (part: ComparedPart) => DifferingPart,
): readonly DifferingPart[] {
  const range = differing.find(({ kind }) => kind === "days");
  const isInRange = (day: DifferingPart): boolean => range !== undefined && isWithin(day, range);
  const days = differing.filter((part) => part.kind === "day" && !isInRange(part));
  const ofTime = range === undefined ? [] : [range];
  for (const run of consecutive(days, [...byDay.keys()])) {
    const names = run.map(({ name }) => name);
    const joined = test(rangePart(rangeOf(names, byDay)));
    if (run.length > 1 && isDifferent(joined)) ofTime.push(joined);
    else ofTime.push(...run);
  }
  ofTime.sort((a, b) => (a.name < b.name ? -1 : 1));
  const others = differing.filter((part) => !isOfDays(part));
  return [...ofTime, ...others];
}

/** Groups days into runs of consecutive days. */
function consecutive(
  days: readonly DifferingPart[],
  allDays: readonly string[],
): readonly (readonly DifferingPart[])[] {
  const runs: DifferingPart[][] = [];
  let formerAt = Number.NaN;
  for (const day of days) {
    const at = allDays.indexOf(day.name);
    if (at === formerAt + 1) runs.at(-1)?.push(day);
    else runs.push([day]);
    formerAt = at;
  }
  return runs;
}
