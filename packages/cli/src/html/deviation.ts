import { short } from "./bar.js";

/** The difference between an observed and a configured share, between −1 and 1, with its confidence interval. */
export interface Deviation {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

const WIDTH = 160;
const HEIGHT = 12;

/**
 * Returns a deviation as SVG, with a line at the configured share, a bar for the interval and a mark for the observed
 * share. It repeats numbers of its row, so screen readers skip it.
 *
 * @param reach - the deviation at both ends of the picture. Anything beyond is cut off.
 */
export function deviationBar(
  { difference, high, low }: Deviation,
  reach: number,
  tone: "right" | "wrong" | "other",
): string {
  const at = (deviation: number): number =>
    Math.min(WIDTH, Math.max(0, ((deviation / reach + 1) / 2) * WIDTH));
  const [from, to] = [at(low), at(high)];
  const middle = Math.min(WIDTH - 2, Math.max(2, at(difference)));
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" height="${HEIGHT}" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="${WIDTH}" height="${HEIGHT}"/><rect class="${tone}" x="${short(from)}" y="4" width="${short(Math.max(1, to - from))}" height="4"/><rect class="${tone}" x="${short(middle - 2)}" y="1" width="4" height="10"/><rect class="mark" x="${WIDTH / 2 - 0.5}" width="1" height="${HEIGHT}"/></svg>`;
}
