import type { JSX } from "hono/jsx/jsx-runtime";
import { MINUTES, type MinuteState } from "../views/last-hour.js";
import { durationText } from "./ago.js";
import { countText } from "./count-text.js";

type Minutes = readonly (MinuteState | null)[];

const MINUTE_WIDTH = 6;
const HEIGHT = 24;
/** How a state is drawn. Its height is relative to the chart. */
interface Bar {
  readonly tone: string;
  readonly height: number;
}

const UP: Bar = { tone: "up", height: 1 / 3 };
const LATE: Bar = { tone: "late", height: 2 / 3 };
const DOWN: Bar = { tone: "down", height: 1 };
const NONE: Bar = { tone: "rest", height: 0 };

const BARS: Readonly<Record<MinuteState["state"], Bar>> = {
  ...{ ready: UP, stale: LATE, initializing: LATE, error: DOWN, closed: NONE },
};

/** The last hour as bars. Hidden from screen readers, see {@link hourWords}. */
export function HourLine({ minutes }: { minutes: Minutes }): JSX.Element {
  const bars = minutes.map((it) => (it === null ? NONE : BARS[it.state]));
  const starts = bars.flatMap((it, i) => (it === bars[i - 1] ? [] : [i]));
  return (
    <>
      <svg
        class="line hour"
        viewBox={`0 0 ${MINUTES * MINUTE_WIDTH} ${HEIGHT}`}
        height={HEIGHT}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {starts.map((start, i) => {
          const width = ((starts[i + 1] ?? bars.length) - start) * MINUTE_WIDTH;
          return <BarRect bar={bars[start] ?? NONE} x={start * MINUTE_WIDTH} width={width} />;
        })}
      </svg>
      <p class="ends" aria-hidden="true">
        <span>−60 min</span>
        <span>now</span>
      </p>
    </>
  );
}

interface BarRectProps {
  readonly bar: Bar;
  readonly x: number;
  readonly width: number;
}

function BarRect({ bar: { height, tone }, width, x }: BarRectProps): JSX.Element {
  const y = HEIGHT * (1 - height);
  return <rect class={tone} x={x} y={y} width={width} height={HEIGHT * height} />;
}

const LEGEND: readonly (readonly [bar: Bar, text: string])[] = [
  [UP, "ready"],
  [LATE, "stale or starting"],
  [DOWN, "failing"],
  [NONE, "not recorded"],
];

const SAMPLE_WIDTH = 12;

/** Explains the bars of {@link HourLine}. */
export function HourLegend(): JSX.Element {
  return (
    <p class="legend">
      Bars show the last hour:
      {LEGEND.map(([bar, text]) => (
        <span>
          <svg
            class="hour sample"
            viewBox={`0 0 ${SAMPLE_WIDTH} ${HEIGHT}`}
            width={SAMPLE_WIDTH}
            height={HEIGHT}
            aria-hidden="true"
          >
            <BarRect bar={bar} x={0} width={SAMPLE_WIDTH} />
          </svg>{" "}
          {text}
        </span>
      ))}
    </p>
  );
}

/** Other states in the last hour: `In the last hour: stale in 5 minutes. The configuration was at most 6 minutes old.` */
export function hourWords(minutes: Minutes, current: MinuteState["state"] | null): string {
  const known = minutes.filter((it) => it !== null);
  const counts = new Map<string, number>();
  for (const { state } of known) {
    if (state !== current) counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const others = [...counts].map(([state, count]) => `${state} in ${countText(count, "minute")}`);
  const states = others.length === 0 ? "" : `In the last hour: ${others.join(", ")}. `;
  const oldest = Math.max(0, ...known.map(({ ageMs }) => ageMs ?? 0));
  const age = `In the last hour, the configuration was at most ${durationText(oldest)} old.`;
  return oldest === 0 ? states.trim() : `${states}${age}`;
}
