import { coverAll, type How, howOf, isJsonObject, type JsonObject } from "@sortition/core/dialect";
import { DISTRIBUTION_SHARDS, type HalfOpenRange } from "./bucket.js";

const PERCENTILES = 100;

/** How a segment assigns, by its content as received. What is malformed throws before it assigns. */
export function howOfSegment(wire: JsonObject, isFirst: boolean): How {
  return howOf({
    hasConditions: listAt(wire, "conditions").some((it) => Array.isArray(it) && it.length > 0),
    isSplit: () => Boolean(wire["bucket"]) && isSplit(wire),
    isFirst,
  });
}

/** Whom no distribution of one allocation takes gets the segment's own variant, or goes to the next segment. */
function isSplit({ bucket, variant }: JsonObject): boolean {
  const allocations = listAt(bucket, "allocations");
  const distributions = allocations.flatMap((it) => listAt(it, "distributions"));
  const variants = new Set(distributions.map((it) => memberAt(it, "variant")));
  if (variant !== undefined) variants.add(variant);
  const isForAll = (it: unknown): boolean =>
    coverAll([rangeOf(it)], PERCENTILES) &&
    coverAll(listAt(it, "distributions").map(rangeOf), DISTRIBUTION_SHARDS);
  return variants.size > 1 || !allocations.some(isForAll);
}

function memberAt(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const list = memberAt(value, name);
  return Array.isArray(list) ? list : [];
}

function rangeOf(value: unknown): HalfOpenRange {
  const [start, end] = listAt(value, "range");
  return { start: Number(start), end: Number(end) };
}
