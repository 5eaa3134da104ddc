export interface BarPart {
  /** 0 … 1, of the bar. */
  readonly share: number;
  readonly tone: "right" | "wrong" | "other";
}

const WIDTH = 160;
const HEIGHT = 10;

/**
 * A bar as SVG. It repeats numbers that stand beside it, so that readers of a screen skip it.
 *
 * @param mark - where a line crosses it, 0 … 1; `null`: nowhere.
 */
export function bar(parts: readonly BarPart[], mark: number | null = null): string {
  let x = 0;
  const rects = parts.map(({ share, tone }) => {
    const width = share * WIDTH;
    const rect = `<rect class="${tone}" x="${short(x)}" width="${short(width)}" height="${HEIGHT}"/>`;
    x += width;
    return rect;
  });
  const line =
    mark === null
      ? ""
      : `<rect class="mark" x="${short(mark * WIDTH - 1)}" width="2" height="${HEIGHT}"/>`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" height="${HEIGHT}" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="${WIDTH}" height="${HEIGHT}"/>${rects.join("")}${line}</svg>`;
}

function short(length: number): string {
  return String(Number(length.toFixed(1)));
}
