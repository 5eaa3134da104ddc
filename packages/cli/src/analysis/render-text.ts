import { type Paint, printable, wrap } from "@sortition/core/dialect";
import { table } from "../text/table.js";
import { count } from "../text/values.js";
import type { Cell, Report, Section, Table } from "./report.js";

const WIDTH = 80;
/** A non-breaking space. Notes are not broken at it. */
export const GLUE = "\u00a0";

/** Renders a report as text that ends with a line feed. */
export function textOf({ sections }: Report, paint: Paint): string {
  const blocks = sections()
    .filter(({ only }) => only !== "page")
    .map((section) => linesOf(section, paint))
    .filter((lines) => lines.length > 0);
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function linesOf(
  { lines = "", name, notes = [], tables = [] }: Section,
  paint: Paint,
): readonly string[] {
  const [first, ...more] = notes;
  const blocks = [
    ...(first === undefined ? [] : noteLines(name === null ? first : `${name}: ${first}`)),
    ...more.flatMap((note) => noteLines(name === null ? note : `  ${note}`)),
  ];
  for (const it of tables) {
    if (it.only === "page" || it.rows.length === 0) continue;
    const gap = blocks.length === 0 ? [] : [""];
    const title = name === null ? [] : noteLines(`${name}: ${it.caption}`);
    blocks.push(...gap, ...title, ...tableLines(it, paint));
  }
  if (lines !== "") blocks.push(...lines.split("\n").flatMap((line) => noteLines(`  ${line}`)));
  return blocks;
}

function noteLines(note: string): readonly string[] {
  return wrap(note, WIDTH, 2).map((line) => printable(line.replaceAll(GLUE, " ")));
}

function tableLines(
  { columns, rows, textRows = Number.POSITIVE_INFINITY }: Table,
  paint: Paint,
): readonly string[] {
  const widths = columns.flatMap(({ width }) => width ?? []);
  const shownOf = <Item>(items: readonly Item[]): readonly Item[] =>
    items.filter((_, i) => columns[i]?.width !== undefined);
  const head = shownOf(columns).map(({ title }) => title.toUpperCase());
  const body = rows.slice(0, textRows).flatMap((row) => heightened(shownOf(row).map(cellLines)));
  const [title = "", ...lines] = table([head, ...body], widths).map((line) => printable(line));
  const left = rows.length - Math.min(rows.length, textRows);
  const rest = left === 0 ? [] : [`  and ${count(left)} more; use --json to list them`];
  return [paint(title, "dim"), ...lines, ...rest];
}

/** One row of cells for each line of the highest cell. */
function heightened(cells: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, i) => cells.map((lines) => lines[i] ?? ""));
}

function cellLines(cell: Cell): readonly string[] {
  if (typeof cell === "string") return [cell];
  if (!("lines" in cell)) return [];
  return cell.lines.map((line) => (typeof line === "string" ? line : line.bad));
}
