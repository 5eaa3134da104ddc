import type { JSX } from "hono/jsx/jsx-runtime";
import { MINUTES, type MinuteState } from "../views/last-hour.js";
import { durationText } from "./ago.js";
import { Swatch } from "./bars.js";
import { countText } from "./count-text.js";

type Minutes = readonly (MinuteState | null)[];

const MINUTE_WIDTH = 6;
const HEIGHT = 24;
/** Steps of the height, so that neighbours of about the same age are drawn as one. */
const STEPS = 6;

const TONES: Readonly<Record<MinuteState["state"], string>> = {
  ready: "up",
  stale: "late",
  initializing: "late",
  error: "down",
  closed: "rest",
};

/** The last hour as bars: the higher, the older the configuration was. Hidden from screen readers, see {@link hourWords}. */
export function HourLine({ minutes }: { minutes: Minutes }): JSX.Element {
  const oldest = Math.max(...minutes.map((it) => it?.ageMs ?? 0), 60_000);
  const bars = minutes.map((it) => {
    if (it === null) return null;
    const age = it.ageMs === null ? 1 : it.ageMs / oldest;
    return { tone: TONES[it.state], step: Math.max(1, Math.ceil(age * STEPS)) };
  });
  const starts = bars.flatMap((it, i) => {
    const before = bars[i - 1];
    return it?.tone === before?.tone && it?.step === before?.step && i > 0 ? [] : [i];
  });
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
          const bar = bars[start];
          if (!bar) return null;
          const height = (bar.step / STEPS) * HEIGHT;
          const width = ((starts[i + 1] ?? bars.length) - start) * MINUTE_WIDTH;
          return (
            <rect
              class={bar.tone}
              x={start * MINUTE_WIDTH}
              y={HEIGHT - height}
              width={width}
              height={height}
            />
          );
        })}
      </svg>
      <p class="ends" aria-hidden="true">
        <span>−60 min</span>
        <span>now</span>
      </p>
    </>
  );
}

const LEGEND: readonly (readonly [tone: string, text: string])[] = [
  ["up", "up to date"],
  ["late", "stale or starting"],
  ["down", "failing"],
  ["none", "not recorded"],
];

/** Explains the bars of {@link HourLine}. */
export function HourLegend(): JSX.Element {
  return (
    <p class="legend">
      Bars show the last hour:
      {LEGEND.map(([tone, text]) => (
        <span>
          <Swatch color={tone} /> {text}
        </span>
      ))}
      <span>The higher a bar, the older the configuration.</span>
    </p>
  );
}

/** The last hour in words: `Last hour: ready for 55 minutes, stale for 5 minutes, at most 6 minutes old.` */
export function hourWords(minutes: Minutes): string {
  const known = minutes.filter((it) => it !== null);
  if (known.length === 0) return "The last hour appears here.";
  const counts = new Map<string, number>();
  for (const { state } of known) counts.set(state, (counts.get(state) ?? 0) + 1);
  const states = [...counts].map(([state, count]) => `${state} for ${countText(count, "minute")}`);
  const oldest = Math.max(...known.map(({ ageMs }) => ageMs ?? 0));
  const age = oldest === 0 ? "" : `, at most ${durationText(oldest)} old`;
  const period = known.length < MINUTES ? countText(known.length, "minute") : "hour";
  const words = counts.size === 1 ? [...counts.keys()] : states;
  return `Last ${period.replace(/^1 /, "")}: ${words.join(", ")}${age}.`;
}
