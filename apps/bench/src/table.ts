import type { CellReport, Report } from "./report.js";

/** One line about the machine, to stand above the tables. */
export function formatHeading({ mode, machine }: Omit<Report, "cells">): string {
  const { node, processor, cores, platform, loadAverage } = machine;
  return `Node ${node}, ${platform}, ${cores} × ${processor}, load ${loadAverage.toFixed(1)}, ${mode} run`;
}

/** A cell as a table: a line per participant, then a line per target. */
export function formatCell(cell: CellReport): string {
  const heading = `${cell.id}: ${cell.title}`;
  if (cell.state === "aborted") return `${heading}\n  ABORTED: ${cell.reason}`;
  const format = cell.unit === "bytes" ? formatBytes : formatNs;
  const rows = [
    ["", "min", "median", "ratio"],
    ...cell.participants.map(({ name, minNs, medianNs, ratio }) => [
      name,
      format(minNs),
      format(medianNs),
      `${ratio.toFixed(2)} ×`,
    ]),
  ];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length))); // equally long
  const lines = rows.map((row) =>
    row.map((it, i) => (i === 0 ? it.padEnd(widths[i]!) : it.padStart(widths[i]!))).join("  "),
  );
  return [
    heading,
    ...lines.map((line) => `  ${line}`),
    ...cell.absences.map(({ participant, reason }) => `  SKIPPED ${participant}: ${reason}`),
    ...cell.targets.map(
      ({ text, figure, isMet }) =>
        `  ${isMet ? "met   " : "MISSED"}  ${text}: ${figure.toFixed(2)}`,
    ),
  ].join("\n");
}

function formatBytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

/** Three significant digits in a unit that suits them. */
function formatNs(ns: number): string {
  const [value, unit] =
    ns < 1e3
      ? [ns, "ns"]
      : ns < 1e6
        ? [ns / 1e3, "µs"]
        : ns < 1e9
          ? [ns / 1e6, "ms"]
          : [ns / 1e9, "s"];
  return `${value < 100 ? value.toPrecision(3) : value.toFixed(0)} ${unit}`;
}
