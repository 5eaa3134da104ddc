import type { FirstExposure } from "./first-exposures.js";

/** The subjects of an experiment by variation, in total and in parts. */
export interface Tally {
  readonly all: Map<string, number>;
  /** Counts by day (`2026-02-01`), in order. */
  readonly byDay: Parts;
  /** Counts by value, for each requested attribute. */
  readonly byValue: readonly Parts[];
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

/** How to count the first exposures of subjects. */
export interface Counting {
  /** Number of attribute values that each exposure has. */
  readonly attributes: number;
  /** When the configuration was published, epoch ms; `null` if unknown. */
  readonly publishedAtMs: number | null;
  /** The key of a variation, which events may name by index; `null` if the variation is not counted. */
  readonly keyOf: (variation: string) => string | null;
}

/** @param isCounted - selects the subjects to count. */
export function tallyOf(
  subjects: Iterable<FirstExposure>,
  { attributes, keyOf, publishedAtMs }: Counting,
  isCounted: (subject: FirstExposure) => boolean = () => true,
): Tally {
  const byDay = new Map<number, Map<string, number>>();
  const byValue = Array.from({ length: attributes }, () => new Map<string, Map<string, number>>());
  const [all, before, ofTwo, copies, unknown] = [0, 1, 2, 3, 4].map(
    () => new Map<string, number>(),
  ) as [
    Map<string, number>,
    Map<string, number>,
    Map<string, number>,
    Map<string, number>,
    Map<string, number>,
  ];
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
    if (!Number.isNaN(timeMs)) add(partOf(byDay, Math.floor(timeMs / DAY_MS)));
    values.forEach((value, i) => {
      add(partOf(byValue[i] as (typeof byValue)[number], value)); // as many as attributes
    });
    if (publishedAtMs !== null && timeMs < publishedAtMs) add(before);
    if (hasOtherVariation) add(ofTwo);
    if (isCopy) add(copies);
  }
  const inOrder = [...byDay].sort(([a], [b]) => a - b);
  const days = new Map(inOrder.map(([day, counts]) => [dayText(day), counts]));
  return { all, byDay: days, byValue, before, ofTwo, copies, unknown };
}

function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function partOf<Name>(parts: Map<Name, Map<string, number>>, name: Name): Map<string, number> {
  const known = parts.get(name);
  if (known !== undefined) return known;
  const made = new Map<string, number>();
  parts.set(name, made);
  return made;
}
