import type { ConditionDescription } from "@sortition/core/dialect";

/** Part of the subjects, by a hash or by the result of a flag. All places of one space divide its subjects. */
export interface Place {
  /** What is divided, such as a namespace. */
  readonly space: string;
  readonly part: Part;
}

/** Half-open ranges of a hash, or results of a flag. */
export type Part = RangesPart | ResultsPart;

interface RangesPart {
  readonly kind: "ranges";
  readonly ranges: readonly Range[];
  /** The end of all hashes, which begin at 0. */
  readonly total: number;
  /** Whether subjects without the hashed value are part of it. */
  readonly hasMissing: boolean;
}

interface ResultsPart {
  readonly kind: "results";
  readonly results: ReadonlySet<string>;
  /** Whether they are all other results instead. */
  readonly isOther: boolean;
}

/** A range of a hash: `start <= n < end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Returns the place that a condition means; `null` if it means none. */
export type PlaceOfCondition = (condition: ConditionDescription) => Place | null;

/** The subjects whose hash is in these ranges. Subjects without a value to hash are not. */
export function rangesPlace(space: string, ranges: readonly Range[], total: number): Place {
  return { space, part: { kind: "ranges", ranges, total, hasMissing: false } };
}

/** The subjects for whom a flag has one of these results, or another one if `isOther` is set. */
export function resultsPlace(flag: string, results: readonly string[], isOther = false): Place {
  return { space: `flag ${flag}`, part: { kind: "results", results: new Set(results), isOther } };
}

/**
 * Returns all other subjects.
 *
 * @param hasMissing - whether subjects may lack the value that is hashed.
 */
export function otherPlace({ part, space }: Place, hasMissing: boolean): Place {
  if (part.kind === "results") return { space, part: { ...part, isOther: !part.isOther } };
  const bounds = [...part.ranges].sort((a, b) => a.start - b.start);
  const ranges: Range[] = [];
  let start = 0;
  for (const range of bounds) {
    if (range.start > start) ranges.push({ start, end: range.start });
    start = Math.max(start, range.end);
  }
  if (start < part.total) ranges.push({ start, end: part.total });
  return { space, part: { ...part, ranges, hasMissing: hasMissing && !part.hasMissing } };
}

/** Returns the subjects in both of two places of one space. */
export function placeInBoth({ part: one, space }: Place, { part: other }: Place): Place {
  if (one.kind === "ranges" && other.kind === "ranges") {
    const ranges = one.ranges.flatMap((a) =>
      other.ranges.flatMap((b) => {
        const range = { start: Math.max(a.start, b.start), end: Math.min(a.end, b.end) };
        return range.start < range.end ? [range] : [];
      }),
    );
    return {
      space,
      part: { ...one, ranges, hasMissing: one.hasMissing && other.hasMissing },
    };
  }
  if (one.kind === "results" && other.kind === "results") {
    const [a, b] = one.isOther ? [other, one] : [one, other];
    if (a.isOther) {
      const results = new Set([...a.results, ...b.results]);
      return { space, part: { kind: "results", results, isOther: true } };
    }
    const results = new Set([...a.results].filter((it) => b.results.has(it) !== b.isOther));
    return { space, part: { kind: "results", results, isOther: false } };
  }
  throw new TypeError(`${space} has ranges and results`);
}

/** Whether no subject is in a place. */
export function isNowhere({ part }: Place): boolean {
  if (part.kind === "results") return !part.isOther && part.results.size === 0;
  return !part.hasMissing && part.ranges.every(({ end, start }) => end <= start);
}
