import { type Cause, type CountableSubjects, causeAmong } from "./cause.js";
import {
  type ComparedPart,
  type Comparison,
  comparedParts,
  isOfDays,
  isWithin,
  rangePart,
} from "./compared-part.js";
import { correctionFor } from "./correction.js";
import { without } from "./counts.js";
import { rangeOf } from "./day-range.js";
import { LEVEL } from "./split-test.js";
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

/** A part that is split differently from the rest. */
export interface DifferingPart extends ComparedPart {
  /** The p-value of "this part is split like the rest", corrected for the number of parts. */
  readonly pValue: number;
}

/** A part differs from the rest if its corrected p-value is below this. */
const DIFFERENCE_LEVEL = 0.05;

/** Searches for the part of an experiment that causes its mismatch. */
export function findingsOf(
  tally: Tally,
  countable: CountableSubjects,
  comparison: Comparison,
): Findings {
  const parts = comparedParts(tally, comparison);
  const { periods, split } = comparison;
  const correct = correctionFor(tally, periods.length);
  const test = (part: ComparedPart): DifferingPart => {
    const others = without(tally.all, part.counts);
    return { ...part, pValue: correct(part.kind, split.differencePValue(part.counts, others)) };
  };
  const differing = parts.map(test).filter(isDifferent);
  const wrong = differing.filter(({ counts }) => split.test(counts).pValue < LEVEL);
  // If the rest deviates strongly enough, even correct days differ from it.
  const listed = wrong.length > 0 ? wrong : differing;
  return {
    cause: causeAmong(wrong, { ...countable, tally, parts, comparison }),
    differing: withRanges(listed, tally.byDay, test),
    compared: parts.length,
  };
}

function isDifferent({ pValue }: DifferingPart): boolean {
  return pValue < DIFFERENCE_LEVEL;
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
