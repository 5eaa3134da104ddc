import type { ParticipantReport, Report } from "./report.js";
import { formatFigure, type Unit } from "./unit.js";

const WIDTH = 1_000;
/** The area of the bars: right of the names, left of the figures. */
const PLOT = { left: 350, right: 830 };
const FIGURE_RIGHT = 910;
const RATIO_RIGHT = 990;
const ROW_HEIGHT = 18;
const BAR_HEIGHT = 12;
const HEADING_HEIGHT = 32;
const TOP = 58;
const BOTTOM = 56;

const OURS = "#2563eb";
const VENDOR = "#64748b";
const FLOOR = "#cbd5e1";
const LINE = "#e2e8f0";

/**
 * The run as a chart in SVG: a bar per participant, from the figure of the first one in its cell, which
 * is ours, to its own. All bars share one logarithmic axis, on which equal lengths are equal factors:
 * larger figures are to the right of ours, smaller ones to the left.
 */
export function drawChart({ cells, machine, startedAt }: Report): string {
  const measured = cells.filter((cell) => cell.state === "measured");
  const axis = axisOf(measured.flatMap(({ participants }) => participants));
  const rows: string[] = [];
  let y = TOP;
  for (const cell of measured) {
    y += HEADING_HEIGHT;
    rows.push(text(10, y - 8, `${cell.id}: ${cell.title}`, "font-weight='bold'"));
    for (const participant of cell.participants) {
      rows.push(drawRow(participant, cell.unit, y, axis));
      y += ROW_HEIGHT;
    }
  }
  const height = y + BOTTOM;
  return [
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${WIDTH} ${height}' width='${WIDTH}' height='${height}' font-family='sans-serif' font-size='12'>`,
    "<title>Sortition beside the vendor's SDK and the platform</title>",
    rect(0, 0, WIDTH, height, "white"),
    ...drawLegend(),
    ...axis.ticks.flatMap((tick) => drawTick(tick, y, axis)),
    ...rows,
    text(10, height - 12, `Minima. Node ${machine.node}, ${machine.processor}, ${startedAt}`),
    "</svg>\n",
  ].join("\n");
}

interface Axis {
  /** Powers of ten; the first and the last are the ends of the axis. */
  readonly ticks: readonly number[];
  x(ratio: number): number;
}

function axisOf(participants: readonly ParticipantReport[]): Axis {
  const powers = participants.flatMap(({ ratio }) => (ratio ? [Math.log10(ratio)] : []));
  const low = Math.floor(Math.min(-1, ...powers));
  const high = Math.ceil(Math.max(1, ...powers));
  const step = (PLOT.right - PLOT.left) / (high - low);
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
    x: (ratio) => PLOT.left + (Math.log10(ratio) - low) * step,
  };
}

function drawRow(
  { name, min, ratio }: ParticipantReport,
  unit: Unit,
  top: number,
  axis: Axis,
): string {
  const baseline = top + 13;
  const parts = [
    text(PLOT.left - 8, baseline, name, "text-anchor='end'"),
    text(FIGURE_RIGHT, baseline, formatFigure(min, unit), "text-anchor='end'"),
  ];
  if (ratio) {
    const ends = [axis.x(1), axis.x(ratio)] as const;
    // A little wider, so that our own bar is visible.
    const left = Math.min(...ends) - 2;
    const width = Math.max(...ends) + 2 - left;
    parts.push(rect(left, top + 3, width, BAR_HEIGHT, colourOf(name)));
    parts.push(text(RATIO_RIGHT, baseline, formatRatio(ratio), "text-anchor='end'"));
  }
  return parts.join("");
}

function drawTick(ratio: number, bottom: number, { x }: Axis): readonly string[] {
  const label = ratio === 1 ? "ours" : `${ratio} ×`;
  return [
    rect(x(ratio), TOP, 1, bottom + 6 - TOP, LINE),
    text(x(ratio), TOP - 6, label, "text-anchor='middle'"),
    text(x(ratio), bottom + 18, label, "text-anchor='middle'"),
  ];
}

function drawLegend(): readonly string[] {
  const entries = [
    [0, OURS, "Sortition"],
    [100, VENDOR, "the vendor's SDK"],
    [235, FLOOR, "the platform, or a part of the work"],
  ] as const;
  return entries.flatMap(([x, colour, label]) => [
    rect(PLOT.left + x, 16, BAR_HEIGHT, BAR_HEIGHT, colour),
    text(PLOT.left + x + 18, 26, label),
  ]);
}

function colourOf(name: string): string {
  if (name.startsWith("floor")) return FLOOR;
  return name.includes("sortition") ? OURS : VENDOR;
}

function formatRatio(ratio: number): string {
  return `${ratio < 100 ? ratio.toPrecision(2) : ratio.toFixed()} ×`;
}

function rect(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x='${x.toFixed(1)}' y='${y}' width='${width.toFixed(1)}' height='${height}' fill='${fill}'/>`;
}

function text(x: number, y: number, content: string, attributes = ""): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x='${x.toFixed(1)}' y='${y}' ${attributes}>${escaped}</text>`;
}
