import { coverAll, type How, howOf, isJsonObject, type JsonObject } from "@sortition/core/dialect";
import { DISTRIBUTION_SHARDS, type HalfOpenRange } from "./bucket.js";

const PERCENTILES = 100;

/** How a segment assigns, by its content as received. What is malformed throws before it assigns. */
export function howOfSegment(wire: JsonObject, isFirst: boolean): How {
  return howOf({
    hasConditions: elementsOf(wire["conditions"]).some((rule) => elementsOf(rule).length > 0),
    isSplit: () => isSplit(wire),
    isFirst,
  });
}

/** Whom no distribution of one allocation takes gets the segment's own variant, or goes to the next segment. */
function isSplit({ bucket, variant: own }: JsonObject): boolean {
  if (!bucket) return false;
  const allocations = membersOf(bucket, "allocations");
  const variants = new Set<unknown>();
  const wide = allocations.filter((allocation) => {
    const distributions = membersOf(allocation, "distributions");
    for (const it of distributions) variants.add(isJsonObject(it) ? it["variant"] : it);
    const isForAll = coverAll([rangeOf(allocation)], PERCENTILES);
    return isForAll && coverAll(distributions.map(rangeOf), DISTRIBUTION_SHARDS);
  });
  if (own !== undefined) variants.add(own);
  return variants.size > 1 || wide.length === 0;
}

function membersOf(value: unknown, name: string): readonly unknown[] {
  return isJsonObject(value) ? elementsOf(value[name]) : [];
}

function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function rangeOf(value: unknown): HalfOpenRange {
  const [start, end] = isJsonObject(value) ? elementsOf(value["range"]) : [];
  return { start: Number(start), end: Number(end) };
}
