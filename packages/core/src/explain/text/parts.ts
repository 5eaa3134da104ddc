import type { ConditionDescription, ShardDescription } from "../description.js";
import { valueText } from "./values.js";

/** Formats a condition on one line: `country ONE_OF ["DK"]`. */
export function conditionText({
  attribute,
  operator,
  expected,
  problem,
}: ConditionDescription): string {
  return problem === null ? `${attribute} ${operator} ${valueText(expected)}` : "malformed";
}

/** Maximum number of ranges that are listed. */
const MAX_RANGES = 12;

/**
 * Formats half-open ranges of shards. If there are many, only the range that contains the shard is shown.
 *
 * @param shard - the subject's shard. `null`: unknown.
 */
export function rangesText(
  { ranges }: Pick<ShardDescription, "ranges">,
  shard: number | null,
): string {
  if (ranges.length === 0) return "no range";
  if (ranges.length <= MAX_RANGES) return ranges.map(rangeText).join(" or ");
  const range = ranges.find(({ start, end }) => shard !== null && start <= shard && shard < end);
  const all = `${ranges.length.toLocaleString("en-US")} ranges`;
  return range === undefined ? `any of ${all}` : `${rangeText(range)}, one of ${all}`;
}

function rangeText({ start, end }: ShardDescription["ranges"][number]): string {
  return `[${start}, ${end})`;
}
