import type { JSX } from "hono/jsx/jsx-runtime";
import { countText } from "./count-text.js";

/** A moment in the past, as the time since then. The exact time appears on hover. */
export function Ago({ ms, nowMs }: { ms: number; nowMs: number }): JSX.Element {
  const iso = new Date(ms).toISOString();
  return (
    <time datetime={iso} title={iso}>
      {agoText(nowMs - ms)}
    </time>
  );
}

/** Formats a time in the past: `just now`, `12 seconds ago`. */
export function agoText(ageMs: number): string {
  return ageMs < JUST_NOW_MS ? "just now" : `${durationText(ageMs)} ago`;
}

const JUST_NOW_MS = 5_000;

/** Units with the shortest duration that is shown in each. */
const UNITS: readonly (readonly [name: string, ms: number, fromMs: number])[] = [
  ["day", 86_400_000, 172_800_000],
  ["hour", 3_600_000, 7_200_000],
  ["minute", 60_000, 60_000],
];

/** Formats a duration in one unit, rounded: `12 seconds`, `2 minutes`, `3 hours`. */
export function durationText(ms: number): string {
  const [name, unitMs] = UNITS.find(([, , fromMs]) => ms >= fromMs) ?? ["second", 1_000];
  return countText(Math.round(ms / unitMs), name);
}
