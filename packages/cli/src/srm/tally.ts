import { madeOnce } from "../made-once.js";
import { together, totalOf } from "./counts.js";
import type { FirstExposure } from "./first-exposures.js";

/** The subjects of an experiment by variation, in total and in parts. */
export interface Tally {
  readonly all: Map<string, number>;
  /** Counts by day (`2026-02-01`), in order. */
  readonly byDay: Parts;
  /** Counts by value, for each requested attribute. Rare values are counted together as {@link OTHER_VALUES}. */
  readonly byValue: readonly Parts[];
  /** Number of values of each requested attribute. */
  readonly valueCounts: readonly number[];
  /** Subjects exposed before the configuration was published. */
  readonly before: Map<string, number>;
  /** Subjects with two variations. */
  readonly ofTwo: Map<string, number>;
  /** Subjects whose exposure has the message id of another subject's exposure. */
  readonly copies: Map<string, number>;
  /** Subjects with a variation that is not counted. */
  readonly unknown: Map<string, number>;
}

/** Counts by the name of the part, then by variation. */
export type Parts = ReadonlyMap<string, ReadonlyMap<string, number>>;

const DAY_MS = 86_400_000;
/** Maximum number of parts that the values of an attribute form. */
export const MAX_VALUES = 50;
/** The part of all rare values. */
export const OTHER_VALUES = "(others)";

/** Subjects that are counted alike, such as those of one period. */
export interface CountedGroup {
  readonly subjects: Iterable<FirstExposure>;
  /** What to count a variation by, which events may name by index; `null` if the variation is not counted. */
  readonly keyOf: (variation: string) => string | null;
}

/** How to count the first exposures of subjects. */
export interface Counting {
  /** Number of attribute values that each exposure has. */
  readonly attributes: number;
  /** When the configuration was published, epoch ms; `null` if unknown. */
  readonly publishedAtMs: number | null;
}

const emptyCounts = (): Map<string, number> => new Map();

/** @param isCounted - selects the subjects to count. */
export function tallyOf(
  groups: readonly CountedGroup[],
  { attributes, publishedAtMs }: Counting,
  isCounted: (subject: FirstExposure) => boolean = () => true,
): Tally {
  const byDay = new Map<number, Map<string, number>>();
  const byValue = Array.from({ length: attributes }, () => new Map<string, Map<string, number>>());
  const [all, before, ofTwo] = [emptyCounts(), emptyCounts(), emptyCounts()];
  const [copies, unknown] = [emptyCounts(), emptyCounts()];
  for (const { keyOf, subjects } of groups) {
    for (const subject of subjects) {
      if (!isCounted(subject)) continue;
      const { count, hasOtherVariation, isCopy, timeMs, values } = subject;
      const variation = keyOf(subject.variation);
      if (variation === null) {
        unknown.set(subject.variation, (unknown.get(subject.variation) ?? 0) + count);
        continue;
      }
      const add = (counts: Map<string, number>): void => {
        counts.set(variation, (counts.get(variation) ?? 0) + count);
      };
      add(all);
      if (!Number.isNaN(timeMs)) add(madeOnce(byDay, Math.floor(timeMs / DAY_MS), emptyCounts));
      values.forEach((value, i) => {
        add(madeOnce(byValue[i] as (typeof byValue)[number], value, emptyCounts)); // as many as attributes
      });
      if (publishedAtMs !== null && timeMs < publishedAtMs) add(before);
      if (hasOtherVariation) add(ofTwo);
      if (isCopy) add(copies);
    }
  }
  const inOrder = [...byDay].sort(([a], [b]) => a - b);
  const days = new Map(inOrder.map(([day, counts]) => [dayText(day), counts]));
  return {
    ...{ all, byDay: days, before, ofTwo, copies, unknown },
    byValue: byValue.map(withoutRare),
    valueCounts: byValue.map(({ size }) => size),
  };
}

/** Counts the rare values of an attribute together. */
function withoutRare(values: Parts): Parts {
  if (values.size <= MAX_VALUES) return values;
  const sizes = [...values].map(([value, counts]) => ({ value, size: totalOf(counts) }));
  const frequent = sizes.filter(({ value }) => value !== OTHER_VALUES);
  frequent.sort((a, b) => b.size - a.size);
  const kept = new Set(frequent.slice(0, MAX_VALUES - 1).map(({ value }) => value));
  const rare = [...values].flatMap(([value, counts]) => (kept.has(value) ? [] : [counts]));
  return new Map([
    ...[...values].filter(([value]) => kept.has(value)),
    [OTHER_VALUES, together(rare)],
  ]);
}

function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
