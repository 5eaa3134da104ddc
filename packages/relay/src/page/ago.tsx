import type { JSX } from "hono/jsx/jsx-runtime";
import { countText } from "./count-text.js";

/** A moment in the past, as the time since then. The exact time appears on hover. */
export function Ago({ ms, nowMs }: { ms: number; nowMs: number }): JSX.Element {
  const iso = new Date(ms).toISOString();
  return (
    <time datetime={iso} title={iso}>
      {durationText(Math.max(0, nowMs - ms))} ago
    </time>
  );
}

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** Formats a duration in one unit, rounded down: `12 seconds`, `3 hours`. */
export function durationText(ms: number): string {
  const [name, unitMs] = UNITS.find(([, unit]) => ms >= 2 * unit) ?? ["second", 1_000];
  return countText(Math.floor(ms / unitMs), name);
}
