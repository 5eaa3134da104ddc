import type { SplitPart, SplitPlace } from "@sortition/core/dialect-internal";
import { shareText } from "@sortition/core/dialect-internal";
import type { JSX } from "hono/jsx/jsx-runtime";
import { colorOf, Swatch } from "./bars.js";
import { countText } from "./count-text.js";
import { More } from "./more.js";
import { Json, Text } from "./text.js";

/** Maximum numbers of parts and of ranges that are drawn. */
const MAX_PARTS = 20;
const MAX_RANGES = 200;

interface SplitScaleProps {
  readonly place: SplitPlace;
  readonly all: JSX.Element;
}

/** The ranges of a split as a bar, with a pin at the subject's shard. The legend below has the same facts as text. */
export function SplitScale({ all, place }: SplitScaleProps): JSX.Element {
  const { isDecimal, parts, salt, shard, totalShards } = place;
  const drawn = parts
    .slice(0, MAX_PARTS)
    .map((part) => ({ ...part, color: part.index === null ? "share" : colorOf(part.index) }));
  const rects = drawn.flatMap(({ color, ranges }) => ranges.map((range) => ({ ...range, color })));
  return (
    <div class="scale">
      <svg width="100%" height="30" aria-hidden="true">
        <rect class="rest" y="12" width="100%" height="12" rx="2" />
        {rects.slice(0, MAX_RANGES).map(({ color, end, start }) => (
          <rect
            class={color}
            x={percent(start / totalShards)}
            y="12"
            width={percent((end - start) / totalShards)}
            height="12"
          />
        ))}
        {shard === null ? null : (
          <svg class="pin" aria-hidden="true" x={percent(shard / totalShards)}>
            <path d="M0 12 L-7 0 H7 Z M-1 12 H1 V28 H-1 Z" />
          </svg>
        )}
      </svg>
      <ul class="variations small">
        {drawn.map((part) => (
          <li>
            <Swatch color={part.color} /> <Json text={part.words} all={all} />{" "}
            <span class="quiet">{rangesWords(part, totalShards, isDecimal)}</span>
            {part.hasSubject ? <strong> this subject</strong> : null}
          </li>
        ))}
        <More list={parts} max={MAX_PARTS} all={all} />
        {rects.length > MAX_RANGES ? (
          <li>{`The bar shows the first ${countText(MAX_RANGES, "range")}.`}</li>
        ) : null}
        <li class="quiet">
          salt <Text text={salt} all={all} />
        </li>
      </ul>
    </div>
  );
}

/** Returns `0 to 4,999, 50%` or `20 to below 100, 80%`. For several ranges, returns only their share. */
function rangesWords({ ranges }: SplitPart, totalShards: number, isDecimal: boolean): string {
  const [first, ...others] = ranges;
  if (first === undefined) return "no range";
  const width = ranges.reduce((sum, { end, start }) => sum + (end - start), 0);
  if (!Number.isFinite(width / totalShards)) return "unknown range";
  const share = shareText(width / totalShards);
  if (others.length > 0 || width === 0) return share;
  if (isDecimal) {
    const end = `below ${first.end.toLocaleString("en-US")}, ${share}`;
    return first.start === 0 ? end : `${first.start.toLocaleString("en-US")} to ${end}`;
  }
  if (!Number.isInteger(first.end)) return share;
  const [from, to] = [first.start, first.end - 1].map((it) => it.toLocaleString("en-US"));
  return `${from} to ${to}, ${share}`;
}

/** A malformed payload may have ranges outside of the scale. */
function percent(share: number): string {
  const inside = Number.isNaN(share) ? 0 : Math.min(Math.max(share, 0), 1);
  return `${Number((inside * 100).toFixed(2))}%`;
}
