import type {
  ConditionDescription,
  RuleDescription,
  ShardDescription,
  WindowDescription,
} from "@sortition/core/dialect";
import { count, timeText, valueText } from "./values.js";

/** A condition in one line: `country ONE_OF ["DK"]`. */
export function conditionText({
  attribute,
  operator,
  expected,
  problem,
}: ConditionDescription): string {
  return problem === null ? `${attribute} ${operator} ${valueText(expected)}` : "malformed";
}

/** Rules in one string: conditions joined by `and`, rules by `or`. */
export function rulesText(rules: readonly RuleDescription[]): string {
  if (rules.length === 0) return "all subjects";
  const texts = rules.map(({ conditions, problem }) => {
    if (problem !== null) return "malformed";
    return conditions.length === 0 ? "all subjects" : conditions.map(conditionText).join(" and ");
  });
  return texts.join(", or ");
}

/** How many ranges are written out. */
const MAX_RANGES = 12;

/**
 * Ranges of shards, half open. Of many ranges only the one that contains the shard is written out.
 *
 * @param shard - where the subject lies; `null` if that is unknown.
 */
export function rangesText(
  { ranges }: Pick<ShardDescription, "ranges">,
  shard: number | null,
): string {
  if (ranges.length === 0) return "no range";
  if (ranges.length <= MAX_RANGES) return ranges.map(rangeText).join(" or ");
  const range = ranges.find(({ start, end }) => shard !== null && start <= shard && shard < end);
  const all = `${count(ranges.length)} ranges`;
  return range === undefined ? `any of ${all}` : `${rangeText(range)}, one of ${all}`;
}

function rangeText({ start, end }: ShardDescription["ranges"][number]): string {
  return `[${start}, ${end})`;
}

/** Whether an allocation is active. */
export type WindowState = "open" | "not-started" | "ended";

/** Whether a window is open; both ends are inclusive. */
export function windowStateAt(window: WindowDescription | null, nowMs: number): WindowState {
  if (window === null) return "open";
  if (window.startAtMs !== null && nowMs < window.startAtMs) return "not-started";
  return window.endAtMs !== null && nowMs > window.endAtMs ? "ended" : "open";
}

/** A window in words: `from … to …`. */
export function windowText({ startAtMs, endAtMs }: WindowDescription): string {
  const from = startAtMs === null ? [] : [`from ${timeText(startAtMs)}`];
  const to = endAtMs === null ? [] : [`to ${timeText(endAtMs)}`];
  return [...from, ...to].join(" ");
}
