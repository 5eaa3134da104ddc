export interface BarPart {
  /** Share of the bar's length. */
  readonly share: number;
  readonly tone: "right" | "wrong" | "other";
}

const WIDTH = 160;
const HEIGHT = 10;

/**
 * Returns a bar as SVG. It repeats numbers of its row, so screen readers skip it. Parts beyond its end are cut off.
 */
export function bar(parts: readonly BarPart[]): string {
  let x = 0;
  const rects = parts.map(({ share, tone }) => {
    const width = Math.min(share * WIDTH, WIDTH - x);
    const rect = `<rect class="${tone}" x="${short(x)}" width="${short(width)}" height="${HEIGHT}"/>`;
    x += width;
    return rect;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" height="${HEIGHT}" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="${WIDTH}" height="${HEIGHT}"/>${rects.join("")}</svg>`;
}

/** A length as in SVG. */
export function short(length: number): string {
  return String(Number(length.toFixed(1)));
}
