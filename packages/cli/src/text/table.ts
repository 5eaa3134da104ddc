import { wrap } from "@sortition/core/dialect-internal";

const GAP = "  ";

/** Lays out cells in columns. A column is as wide as its widest cell, up to its cap. Wider cells are wrapped. */
export function table(
  rows: readonly (readonly string[])[],
  caps: readonly number[],
): readonly string[] {
  const widths = caps.map((cap, i) =>
    rows.reduce((widest, row) => Math.min(cap, Math.max(widest, row[i]?.length ?? 0)), 0),
  );
  return rows.flatMap((row) => {
    const cells = widths.map((width, i) => wrapCell(row[i] ?? "", width));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, i) => (lines[line] ?? "").padEnd(widths[i] ?? 0))
        .join(GAP)
        .trimEnd(),
    );
  });
}

/** Wraps a cell. Its lines keep the indentation of the first one. */
function wrapCell(cell: string, width: number): string[] {
  if (width === 0) return [""];
  return wrap(cell, width, Math.min(cell.length - cell.trimStart().length, width - 1));
}
