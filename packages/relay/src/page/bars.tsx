import type { WindowDescription } from "@sortition/core/dialect";
import type { JSX } from "hono/jsx/jsx-runtime";

const WIDTH = 320;
const HEIGHT = 10;
/** Around the times that a line of time has to show, in parts of it. */
const MARGIN = 0.1;

/** A share as a bar. It repeats a number that stands beside it, so that readers of a screen skip it. */
export function ShareBar({ share }: { share: number }): JSX.Element {
  return (
    <Line>
      <rect class="share" width={short(share * WIDTH)} height={HEIGHT} />
    </Line>
  );
}

/** A window on a line of time with a mark at the present. Its times stand beside it. */
export function WindowLine({
  nowMs,
  window: { endAtMs, startAtMs },
}: {
  window: WindowDescription;
  nowMs: number;
}): JSX.Element {
  const bounds = [startAtMs, endAtMs].filter((it) => it !== null);
  const [first, last] = [Math.min(nowMs, ...bounds), Math.max(nowMs, ...bounds)];
  const margin = Math.max(last - first, 1) * MARGIN;
  const x = (ms: number): number => ((ms - first + margin) / (last - first + 2 * margin)) * WIDTH;
  const start = startAtMs === null ? 0 : x(startAtMs);
  const end = endAtMs === null ? WIDTH : x(endAtMs);
  return (
    <Line>
      <rect
        class="share"
        x={short(start)}
        width={short(Math.max(0, end - start))}
        height={HEIGHT}
      />
      <rect class="mark" x={short(x(nowMs) - 1)} width="2" height={HEIGHT} />
    </Line>
  );
}

function Line({ children }: { children: JSX.Element | readonly JSX.Element[] }): JSX.Element {
  return (
    <svg
      class="line"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      height={HEIGHT}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class="rest" width={WIDTH} height={HEIGHT} />
      {children}
    </svg>
  );
}

function short(length: number): string {
  return String(Number(length.toFixed(1)));
}
