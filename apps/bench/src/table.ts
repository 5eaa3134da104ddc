import type { CellReport, Report } from "./report.js";
import { formatFigure } from "./unit.js";

/** Returns a line about the machine, for the top of the output. */
export function formatHeading({ mode, machine }: Omit<Report, "cells">): string {
  const { node, processor, cores, platform, loadAverage } = machine;
  return `Node ${node}, ${platform}, ${cores} × ${processor}, load ${loadAverage.toFixed(1)}, ${mode} run`;
}

/** Formats a cell as a table with a line per participant, followed by a line per target. */
export function formatCell(cell: CellReport): string {
  const heading = `${cell.id}: ${cell.title}`;
  if (cell.state === "aborted") return `${heading}\n  ABORTED: ${cell.reason}`;
  const { unit } = cell;
  const rows = [
    ["", "min", "median", "ratio"],
    ...cell.participants.map(({ name, min, median, ratio }) => [
      name,
      ...[min, median].map((it) => formatFigure(it, unit)),
      ratio === null ? "" : formatTimes(ratio),
    ]),
  ];
  return [
    heading,
    ...formatRows(rows),
    ...cell.targets.map(
      ({ text, figure, unit, isMet }) =>
        `  ${isMet ? "met   " : "MISSED"}  ${text}: ${unit === "times" ? formatTimes(figure) : formatFigure(figure, unit)}`,
    ),
  ].join("\n");
}

/** Formats rows of equal length in columns. The first column is left-aligned, the others are right-aligned. */
export function formatRows(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length))); // equally long
  return rows.map((row) => {
    const cells = row.map((it, i) => (i === 0 ? it.padEnd(widths[i]!) : it.padStart(widths[i]!)));
    return `  ${cells.join("  ")}`;
  });
}

function formatTimes(factor: number): string {
  return `${factor.toFixed(2)} ×`;
}
