import { sideOf } from "./cells/side.js";
import type { CellReport, Report } from "./report.js";

/** The whole chart fits a screen, and a page of documentation without scrolling. */
const WIDTH = 800;
const MAX_HEIGHT = 400;
const COLUMNS = 2;
const COLUMN_WIDTH = WIDTH / COLUMNS;
/** Of a column: names, bars, factors. */
const NAME_LEFT = 12;
const BAR = { left: 196, right: 338 };
const FACTOR_RIGHT = 388;
const ROW_HEIGHT = 15;
const BAR_HEIGHT = 9;
const TOP = 58;
const BOTTOM = 26;
const MAX_ROWS = Math.floor((MAX_HEIGHT - TOP - BOTTOM) / ROW_HEIGHT);
const NAME_CHARACTERS = 33;

const OURS = "#2563eb";
const BEHIND = "#b45309";
const LINE = "#e2e8f0";
const MUTED = "fill='#64748b'";
const BOLD = "font-weight='bold'";

/** One bar: how many times our figure the vendor's is, in one cell. */
interface Row {
  readonly name: string;
  readonly ratio: number;
}

interface Group {
  readonly vendor: string;
  readonly rows: readonly Row[];
}

/**
 * The run as a chart in SVG, at most 800 × 400: for each timed cell in which a vendor's SDK takes part, how
 * many times our figure its own is. All bars share one logarithmic axis, on which equal lengths are equal factors;
 * a bar to the left means that the vendor needs less. If there are too many cells, each vendor keeps its first ones.
 */
export function drawChart({ cells, machine, startedAt }: Report): string {
  const columns = inColumns(fitted(groupsOf(cells)));
  const bottom = TOP + Math.max(1, ...columns.map(linesOf)) * ROW_HEIGHT;
  const height = bottom + BOTTOM;
  const axis = axisOf(columns.flat().flatMap(({ rows }) => rows.map(({ ratio }) => ratio)));
  const ticks = axis.ticks.map((tick) => drawTick(tick, axis, bottom)).join("");
  const size = `viewBox='0 0 ${WIDTH} ${height}' width='${WIDTH}' height='${height}'`;
  return [
    `<svg xmlns='http://www.w3.org/2000/svg' ${size} font-family='sans-serif' font-size='11'>`,
    "<title>How many times as much a vendor's SDK needs as Sortition does</title>",
    rect(0, 0, WIDTH, height, "white"),
    text(NAME_LEFT, 20, "How many times as much the vendor's SDK needs", BOLD),
    text(NAME_LEFT, 35, "Time; ours is 1. Minima of one run, on a logarithmic axis.", MUTED),
    ...columns.flatMap((groups, i) => [
      `<g transform='translate(${i * COLUMN_WIDTH})'>`,
      ...(groups.length === 0 ? [] : [ticks, ...drawColumn(groups, axis)]),
      "</g>",
    ]),
    text(NAME_LEFT, height - 8, `Node ${machine.node}, ${machine.processor}, ${startedAt}`, MUTED),
    "</svg>\n",
  ].join("\n");
}

/** The cells of each vendor, by the name of its SDK, in the order of the report. */
function groupsOf(cells: readonly CellReport[]): readonly Group[] {
  const groups = new Map<string, Row[]>();
  for (const cell of cells) {
    if (cell.state !== "measured" || cell.unit !== "ns") continue;
    const vendor = cell.participants.find(({ name }) => sideOf(name) === "vendor");
    if (vendor === undefined || vendor.ratio === null) continue;
    const [name = ""] = vendor.name.split(",");
    const rows = groups.get(name) ?? [];
    rows.push({ name: `${cell.id.replace(/^.*:/, "")}: ${cell.title}`, ratio: vendor.ratio });
    groups.set(name, rows);
  }
  return [...groups].map(([vendor, rows]) => ({ vendor, rows }));
}

/** Leaves out the last cells of the longest groups until the columns suffice. */
function fitted(groups: readonly Group[]): readonly Group[] {
  if (inColumns(groups).every((column) => linesOf(column) <= MAX_ROWS)) return groups;
  const longest = groups.reduce((a, b) => (b.rows.length > a.rows.length ? b : a));
  const shorter = { ...longest, rows: longest.rows.slice(0, -1) };
  return fitted(groups.map((it) => (it === longest ? shorter : it)));
}

/** Divides the groups, in order, so that the columns are as equal as possible. */
function inColumns(groups: readonly Group[]): readonly (readonly Group[])[] {
  const divisions = groups.map((_, i) => [groups.slice(0, i + 1), groups.slice(i + 1)]);
  const heightOf = (columns: readonly (readonly Group[])[]) => Math.max(...columns.map(linesOf));
  return divisions.reduce((a, b) => (heightOf(b) < heightOf(a) ? b : a), [groups, []]);
}

/** Lines of a column: a heading and the bars of each group, and an empty line between groups. */
function linesOf(column: readonly Group[]): number {
  return Math.max(0, column.reduce((sum, { rows }) => sum + rows.length + 2, 0) - 1);
}

type Axis = ReturnType<typeof axisOf>;

/** The ticks are powers of ten; the first and the last are the ends of the axis. */
function axisOf(ratios: readonly number[]) {
  const powers = ratios.map((ratio) => Math.log10(ratio));
  const low = Math.min(0, ...powers.map(Math.floor));
  const high = Math.max(1, ...powers.map(Math.ceil));
  const step = (BAR.right - BAR.left) / (high - low);
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
    x: (ratio: number) => BAR.left + (Math.log10(ratio) - low) * step,
  };
}

function drawTick(tick: number, { x }: Axis, bottom: number): string {
  // There may be six in a column.
  const label = tick < 1_000 ? `${tick}` : `${tick / 1_000}k`;
  const line = rect(x(tick), TOP - 4, 1, bottom + 4 - TOP, LINE);
  return line + text(x(tick), TOP - 8, label, `text-anchor='middle' ${MUTED}`);
}

function drawColumn(groups: readonly Group[], axis: Axis): readonly string[] {
  const lines = groups.flatMap(({ rows, vendor }) => [vendor, ...rows, ""]);
  return lines.flatMap((line, i) => {
    const y = TOP + i * ROW_HEIGHT;
    if (typeof line !== "string") return drawRow(line, y, axis);
    return line === "" ? [] : text(NAME_LEFT, y + 11, line, BOLD);
  });
}

function drawRow({ name, ratio }: Row, top: number, { x }: Axis): string {
  const [left, right] = [Math.min(x(1), x(ratio)), Math.max(x(1), x(ratio))];
  const factor = `${ratio < 100 ? ratio.toPrecision(2) : ratio.toFixed()} ×`;
  return [
    text(NAME_LEFT, top + 11, shortened(name)),
    rect(left, top + 3, Math.max(1, right - left), BAR_HEIGHT, ratio < 1 ? BEHIND : OURS),
    text(FACTOR_RIGHT, top + 11, factor, "text-anchor='end'"),
  ].join("");
}

function shortened(name: string): string {
  const characters = [...name];
  if (characters.length <= NAME_CHARACTERS) return name;
  const kept = characters.slice(0, NAME_CHARACTERS - 1).join("");
  return `${kept.trimEnd()}…`;
}

function rect(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x='${x.toFixed(1)}' y='${y}' width='${width.toFixed(1)}' height='${height}' fill='${fill}'/>`;
}

function text(x: number, y: number, content: string, attributes = ""): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x='${x.toFixed(1)}' y='${y}' ${attributes}>${escaped}</text>`;
}
