import type { WindowDescription } from "@sortition/core/dialect";
import { raw } from "hono/html";
import type { JSX } from "hono/jsx/jsx-runtime";

const WIDTH = 320;
const HEIGHT = 10;
/** Padding of a time line, relative to the time it shows. */
const MARGIN = 0.1;

/** Number of variation colours in the style sheet. Flags with more variations repeat colours. */
const COLORS = 6;

/** Returns the CSS class for the colour of a variation; -1: not assigned. */
export function colorOf(index: number): string {
  return index < 0 ? "rest" : `v${index % COLORS}`;
}

/** One part of a {@link SplitBar}. */
export interface BarPart {
  /** 0 … 1. */
  readonly share: number;
  /** See {@link colorOf}. */
  readonly color: string;
}

/** A stacked bar of shares. Hidden from screen readers, because the numbers are next to it. */
export function SplitBar({ parts }: { parts: readonly BarPart[] }): JSX.Element {
  let x = 0;
  const rects = parts.map(({ color, share }) => {
    const start = x;
    x += share * WIDTH;
    return rect(color, start, share * WIDTH);
  });
  return <Line rects={rects} />;
}

/** A small square in the colour of a part of a bar. */
export function Swatch({ color }: Pick<BarPart, "color">): JSX.Element {
  return (
    <svg class="swatch" viewBox="0 0 10 10" width="12" height="12" aria-hidden="true">
      <rect class={color} width="10" height="10" rx="2" />
    </svg>
  );
}

/** The period that {@link WindowLine} shows, epoch ms. */
export interface TimeAxis {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly nowMs: number;
}

/** Returns an axis that contains several windows and the current time. */
export function timeAxis(windows: readonly WindowDescription[], nowMs: number): TimeAxis {
  const bounds = windows.flatMap(({ endAtMs, startAtMs }) =>
    [startAtMs, endAtMs].filter((it) => it !== null),
  );
  const [first, last] = [Math.min(nowMs, ...bounds), Math.max(nowMs, ...bounds)];
  const margin = Math.max(last - first, 1) * MARGIN;
  return { firstMs: first - margin, lastMs: last + margin, nowMs };
}

interface WindowLineProps {
  /** `null` if it is always open. */
  readonly window: WindowDescription | null;
  readonly axis: TimeAxis;
  /** CSS class of its colour. */
  readonly color: string;
}

/** A window on a time line, with a mark at the current time. Hidden from screen readers, because the times are next to it. */
export function WindowLine({ axis, color, window }: WindowLineProps): JSX.Element {
  const { firstMs, lastMs, nowMs } = axis;
  const x = (ms: number): number => ((ms - firstMs) / (lastMs - firstMs)) * WIDTH;
  const { endAtMs = null, startAtMs = null } = window ?? {};
  const start = startAtMs === null ? 0 : x(startAtMs);
  const end = endAtMs === null ? WIDTH : x(endAtMs);
  const rects = [rect(color, start, Math.max(0, end - start)), rect("mark", x(nowMs) - 0.5, 1)];
  return <Line rects={rects} />;
}

/** Labels the mark at the current time, see {@link WindowLine}. */
export function NowLabel({ axis: { firstMs, lastMs, nowMs } }: { axis: TimeAxis }): JSX.Element {
  const share = (nowMs - firstMs) / (lastMs - firstMs);
  return (
    <svg class="now" width="100%" height="16" aria-hidden="true">
      <text x={`${short(share * 100)}%`} y="12" text-anchor="middle">
        now
      </text>
    </svg>
  );
}

const START = `<svg class="line" viewBox="0 0 ${WIDTH} ${HEIGHT}" height="${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">`;

/** Returns a string, because rendering hundreds of bars as elements is slow. */
function Line({ rects }: { rects: readonly string[] }): JSX.Element {
  return <>{raw(`${START}${rect("rest", 0, WIDTH)}${rects.join("")}</svg>`)}</>;
}

/** @param color - a CSS class of the style sheet, see {@link colorOf}. */
function rect(color: string, x: number, width: number): string {
  return `<rect class="${color}" x="${short(x)}" width="${short(width)}" height="${HEIGHT}"/>`;
}

function short(length: number): string {
  return String(Number(length.toFixed(1)));
}
