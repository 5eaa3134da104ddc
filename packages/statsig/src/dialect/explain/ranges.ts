import { isJsonObject } from "@sortition/core/dialect";
import { stringOf } from "@sortition/core/dialect-internal";
import { BUCKETS, type Condition } from "../condition/condition.js";

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Returns the buckets for which a condition holds; `null` if they are not a fixed set. */
export function rangesOf({ wire }: Condition): readonly Range[] | null {
  const { operator, targetValue: target } = wire;
  const bound = Math.ceil(Number(stringOf(target)));
  switch (operator) {
    case "lt":
      return between(0, bound);
    case "lte":
      return between(0, Math.floor(Number(stringOf(target))) + 1);
    case "gt":
      return between(Math.floor(Number(stringOf(target))) + 1, BUCKETS);
    case "gte":
      return between(bound, BUCKETS);
    case "any":
      return listed(target, true);
    case "none":
      return listed(target, false);
    default:
      return null;
  }
}

function between(start: number, end: number): readonly Range[] | null {
  if (Number.isNaN(start) || Number.isNaN(end)) return null;
  const range = { start: Math.max(0, start), end: Math.min(BUCKETS, end) };
  return range.end > range.start ? [range] : [];
}

function listed(target: unknown, isIn: boolean): readonly Range[] {
  const keys = Array.isArray(target) ? target : isJsonObject(target) ? Object.keys(target) : [];
  const buckets = new Set(keys.map(stringOf));
  const all = bucketsIn([{ start: 0, end: BUCKETS }]);
  return joined(all.filter((it) => buckets.has(String(it)) === isIn));
}

/** Returns the buckets of ranges. */
export function bucketsIn(ranges: readonly Range[]): readonly number[] {
  return ranges.flatMap(({ end, start }) =>
    Array.from({ length: end - start }, (_, i) => start + i),
  );
}

/** Returns the ranges of buckets in ascending order. */
export function joined(buckets: readonly number[]): readonly Range[] {
  const ranges: { start: number; end: number }[] = [];
  for (const bucket of buckets) {
    const last = ranges.at(-1);
    if (last?.end === bucket) last.end += 1;
    else ranges.push({ start: bucket, end: bucket + 1 });
  }
  return ranges;
}

/** Returns the share of all units, from 0 to 1. */
export function shareOf(ranges: readonly Range[], total: number): number {
  return ranges.reduce((sum, { end, start }) => sum + (end - start), 0) / total;
}
