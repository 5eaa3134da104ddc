import {
  type ComparedPart,
  type Comparison,
  comparedParts,
  isOfDays,
  isWithin,
  type PartKind,
} from "./compared-part.js";
import { correctionFor } from "./correction.js";
import { totalOf, without } from "./counts.js";
import { rangesOf } from "./day-range.js";
import { LEVEL } from "./split-test.js";
import { type CountedGroup, type Counting, type Tally, tallyOf } from "./tally.js";
import { weekdaysIn } from "./weekday.js";

/**
 * The most likely cause of a mismatch: a part whose removal leaves no mismatch, neither in all remaining subjects nor in a part
 * of them.
 */
export interface Cause {
  readonly kind: PartKind;
  /** The days or the value, as shown in the output. */
  readonly name: string;
  readonly subjects: number;
  /** The p-value of the split without these subjects. */
  readonly restPValue: number;
  /** Parts that overlap this one, and whose removal leaves no mismatch in all remaining subjects either. */
  readonly rivals: readonly Rival[];
}

export interface Rival {
  readonly kind: PartKind;
  readonly name: string;
  readonly subjects: number;
  /** Number of its subjects that are in the cause too. */
  readonly shared: number;
}

/** The subjects of an experiment, which can be counted again without a part. */
export interface CountableSubjects {
  readonly groups: readonly CountedGroup[];
  readonly counting: Counting;
}

/** Where to search for a cause. */
export interface Searched extends CountableSubjects {
  readonly tally: Tally;
  readonly parts: readonly ComparedPart[];
  readonly comparison: Comparison;
}

/** Weekdays and pairs of them share days, so one whose likelihood is this close to the best one may be the cause as well. */
const CLOSE = 1.5;

/**
 * Finds the most likely cause of a mismatch.
 *
 * @param wrong - parts that have a mismatch.
 * @returns `null` if no part explains the mismatch alone.
 */
export function causeAmong(wrong: readonly ComparedPart[], searched: Searched): Cause | null {
  const { comparison, parts, tally } = searched;
  const { split } = comparison;
  const restPValue = ({ counts }: ComparedPart): number =>
    split.test(without(tally.all, counts)).pValue;
  // Among thousands of ranges of days, one is more likely to fit by chance than a value of an attribute.
  const alternatives = ({ kind }: ComparedPart): number =>
    kind === "days" ? rangesOf(tally.byDay) : parts.filter((it) => it.kind === kind).length;
  const candidates = wrong
    .filter((part) => restPValue(part) >= LEVEL)
    .map((part) => {
      const score = split.lnLikelihoodRatio(part.counts) - Math.log(alternatives(part));
      return { part, score };
    })
    .sort((a, b) => (a.score === b.score ? 0 : b.score > a.score ? 1 : -1))
    .map(({ part }) => part);
  const cause = candidates.find((part) => !isOneOfSeveral(part, searched));
  if (cause === undefined) return null;
  if (cause.kind === "weekday") {
    const least = split.lnLikelihoodRatio(cause.counts) - CLOSE;
    const others = weekdaysIn(tally.byDay).filter(({ name }) => name !== cause.name);
    if (others.some(({ counts }) => split.lnLikelihoodRatio(counts) > least)) return null;
  }
  return {
    kind: cause.kind,
    name: cause.name,
    subjects: totalOf(cause.counts),
    restPValue: restPValue(cause),
    rivals: rivalsOf(cause, candidates, searched),
  };
}

/** Whether another part has a mismatch without the subjects of this one, although all of the rest together has none. */
function isOneOfSeveral(part: ComparedPart, { comparison, counting, groups }: Searched): boolean {
  const rest = tallyOf(groups, counting, (subject) => !part.has(subject));
  const parts = comparedParts(rest, comparison);
  const correct = correctionFor(rest, comparison.periods.length);
  return parts.some((it) => correct(it.kind, comparison.split.test(it.counts).pValue) < LEVEL);
}

/** Whether two parts are a weekday and its days. */
function areWeekdays(one: ComparedPart, other: ComparedPart): boolean {
  const kinds = [one, other].filter((it) => it.kind === "weekday" || isOfDays(it));
  return kinds.length === 2 && kinds.some(({ kind }) => kind === "weekday");
}

/** The other candidates that share subjects with the cause. Periods within one another are one explanation. */
function rivalsOf(
  cause: ComparedPart,
  candidates: readonly ComparedPart[],
  { groups }: CountableSubjects,
): readonly Rival[] {
  const others = candidates.filter((it) => {
    return it !== cause && !isWithin(it, cause) && !isWithin(cause, it) && !areWeekdays(it, cause);
  });
  if (others.length === 0) return [];
  const shared = others.map(() => 0);
  for (const { subjects } of groups) {
    for (const subject of subjects) {
      if (!cause.has(subject)) continue;
      others.forEach((it, i) => {
        if (it.has(subject)) shared[i] = (shared[i] ?? 0) + subject.count;
      });
    }
  }
  return others.flatMap(({ counts, kind, name }, i) => {
    const both = shared[i] ?? 0;
    return both === 0 ? [] : [{ kind, name, subjects: totalOf(counts), shared: both }];
  });
}
