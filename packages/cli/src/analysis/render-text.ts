import type { Paint } from "@sortition/core/dialect";
import { printable, wrap } from "@sortition/core/dialect-internal";
import { table } from "../text/table.js";
import { count } from "../text/values.js";
import type { Cell, Line, Report, Section, Table } from "./report.js";

const WIDTH = 80;
const INDENT = "  ";
/** A non-breaking space. Notes are not broken at it. */
export const GLUE = "\u00a0";

/** Renders a report as text that ends with a line feed. */
export function textOf({ sections }: Pick<Report, "sections">, paint: Paint): string {
  const blocks = sections()
    .filter(({ only }) => only !== "page")
    .map((section) => linesOf(section, paint))
    .filter((lines) => lines.length > 0);
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function linesOf(section: Section, paint: Paint): readonly string[] {
  const { lines = "", name, notes = [], tone } = section;
  const tables = (section.tables ?? []).filter(({ only, rows }) => {
    return only !== "page" && rows.length > 0;
  });
  if (name === null) {
    return [...notes.flatMap(noteLines), ...tables.flatMap((it) => tableLines(it, paint))];
  }
  const listed = lines === "" ? [] : lines.split("\n");
  const first = notes[0] ?? tables[0]?.caption;
  if (first === undefined && listed.length === 0) return [];
  const head = noteLines(first === undefined ? name : `${name}: ${first}`);
  return [
    ...(tone === undefined ? head : head.map((line) => paint(line, tone))),
    ...notes.slice(1).flatMap((note) => noteLines(INDENT + note)),
    ...tables.flatMap((it, i) => {
      const isNamed = it.captionOnly === "page" || (i === 0 && notes.length === 0);
      const title = isNamed ? [] : noteLines(INDENT + it.caption);
      return [...title, ...tableLines(it, paint).map((line) => INDENT + line)];
    }),
    ...listed.flatMap((line) => noteLines(INDENT + line)),
  ];
}

function noteLines(note: string): readonly string[] {
  const hang = note.length - note.trimStart().length + INDENT.length;
  return wrap(note, WIDTH, hang).map((line) => printable(line.replaceAll(GLUE, " ")));
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
  const rest = left === 0 ? [] : [`and ${count(left)} more; use --json to list them`];
  return [paint(title, "dim"), ...lines, ...rest];
}

/** One row of cells for each line of the highest cell. */
function heightened(cells: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, i) => cells.map((lines) => lines[i] ?? ""));
}

function cellLines(cell: Cell): readonly string[] {
  if (typeof cell === "string") return [cell];
  return "lines" in cell ? cell.lines.map(lineText) : [];
}

function lineText(line: Line): string {
  if (typeof line === "string") return line;
  return "text" in line ? line.text : line.map(lineText).join("");
}
