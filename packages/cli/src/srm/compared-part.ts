import { type Counts, totalOf } from "./counts.js";
import { type DayRange, mostDifferentRange } from "./day-range.js";
import type { FirstExposure } from "./first-exposures.js";
import type { Split } from "./split.js";
import { OTHER_VALUES, type Tally } from "./tally.js";
import { weekdaysOf } from "./weekday.js";

/** A part of the subjects of an experiment that is compared with the rest. */
export interface ComparedPart {
  readonly kind: PartKind;
  /** Name in the output. */
  readonly name: string;
  readonly counts: Counts;
  /** Whether a subject is in the part. */
  readonly has: (subject: FirstExposure) => boolean;
  /** The days of the part; `null` if it is not a period. */
  readonly period: Period | null;
}

export type PartKind =
  | "duplicates"
  | "two-variations"
  | "revision"
  | "period"
  | "day"
  | "days"
  | "weekday"
  | "attribute";

/** A period in which the split did not change. */
export interface ComparedPeriod {
  readonly name: string;
  readonly span: Period;
  /** The strata of its subjects. */
  readonly strata: ReadonlySet<number>;
}

/** From `fromMs` to `toMs`, epoch ms. */
interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What comparing the parts of an experiment needs. */
export interface Comparison {
  readonly split: Split;
  /** The periods of the experiment; empty unless there are several. */
  readonly periods: readonly ComparedPeriod[];
  /** Names of the attributes of {@link Tally.byValue}, in the same order. */
  readonly attributes: readonly string[];
  /** When the configuration was published, epoch ms; `null` if unknown. */
  readonly publishedAtMs: number | null;
}

const DAY_MS = 86_400_000;

/** All parts of an experiment that are neither empty nor the whole. */
export function comparedParts(
  { all, before, byDay, byValue, copies, ofTwo }: Tally,
  { attributes, periods, publishedAtMs, split }: Comparison,
): readonly ComparedPart[] {
  const beforeIt = "before the configuration was published";
  const untilPublished = { fromMs: Number.NEGATIVE_INFINITY, toMs: publishedAtMs ?? Number.NaN };
  const range = mostDifferentRange(byDay, all, split);
  const parts: readonly ComparedPart[] = [
    {
      ...{ kind: "duplicates", name: "duplicates", counts: copies, period: null },
      has: ({ isCopy }) => isCopy,
    },
    {
      ...{ kind: "two-variations", name: "subjects with two variations" },
      ...{ counts: ofTwo, period: null },
      has: ({ hasOtherVariation }) => hasOtherVariation,
    },
    partOf("revision", beforeIt, before, untilPublished),
    ...periods.map(({ name, span, strata }) =>
      partOf("period", name, split.within(all, strata), span),
    ),
    ...[...byDay].map(([day, counts]) => partOf("day", day, counts, periodOf(day, day))),
    ...(range === null ? [] : [rangePart(range)]),
    ...weekdaysOf(byDay, split).map(({ counts, isOn, name }): ComparedPart => {
      const has = ({ timeMs }: FirstExposure): boolean => isOn(timeMs);
      return { kind: "weekday", name, counts, period: null, has };
    }),
    ...byValue.flatMap((values, i) =>
      [...values].map(([value, counts]): ComparedPart => {
        const name = `${attributes[i]} = ${value}`;
        const has = (subject: FirstExposure): boolean => {
          const own = subject.values[i] ?? "";
          return own === value || (value === OTHER_VALUES && !values.has(own));
        };
        return { kind: "attribute", name, counts, period: null, has };
      }),
    ),
  ];
  const total = totalOf(all);
  return parts.filter(({ counts }) => {
    const subjects = totalOf(counts);
    return subjects > 0 && subjects < total;
  });
}

/** A range of days as one part. */
export function rangePart({ counts, first, last }: DayRange): ComparedPart {
  return partOf("days", `${first} to ${last}`, counts, periodOf(first, last));
}

/** A period as a part. */
function partOf(kind: PartKind, name: string, counts: Counts, period: Period): ComparedPart {
  const has = ({ timeMs }: FirstExposure): boolean => {
    return timeMs >= period.fromMs && timeMs < period.toMs;
  };
  return { kind, name, counts, period, has };
}

/** Whether a part is a day or a range of days. */
export function isOfDays({ kind }: Pick<ComparedPart, "kind">): boolean {
  return kind === "day" || kind === "days";
}

/** Whether a part is a period within a longer one. */
export function isWithin(part: ComparedPart, { period }: ComparedPart): boolean {
  const inner = part.period;
  if (inner === null || period === null) return false;
  const isLonger = period.fromMs < inner.fromMs || period.toMs > inner.toMs;
  return isLonger && period.fromMs <= inner.fromMs && period.toMs >= inner.toMs;
}

function periodOf(first: string, last: string): Period {
  return { fromMs: Date.parse(first), toMs: Date.parse(last) + DAY_MS };
}
