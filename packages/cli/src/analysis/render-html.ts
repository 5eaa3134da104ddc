import { aboutOf, type PageSource } from "../html/about.js";
import { bar } from "../html/bar.js";
import { deviationBar } from "../html/deviation.js";
import { escaped } from "../html/escaped.js";
import { fitting, leftText, renderPage } from "../html/page.js";
import { htmlRow, htmlTable } from "../html/table.js";
import type { Cell, Line, Report, Section, Table } from "./report.js";

/** Renders a report as a page. What does not fit is counted. */
export function htmlOf(
  { answer, sections, title }: Pick<Report, "answer" | "sections" | "title">,
  { facts, source }: { readonly facts: readonly string[]; readonly source: PageSource },
): string {
  const shown = sections().filter(({ only }) => only !== "text");
  const general = shown.filter(({ name }) => name === null).map(sectionHtml);
  const named = fitting(shown.filter(({ name }) => name !== null).map(sectionHtml));
  return renderPage({
    title,
    facts: [...answer, ...facts],
    about: aboutOf(source),
    sections: [...general, named.html, leftText(named.left, "section")],
  });
}

function sectionHtml({ lines = "", name, notes = [], tables = [] }: Section): string {
  const shown = tables.filter(({ only, rows }) => only !== "text" && rows.length > 0);
  if (notes.length + shown.length + lines.length === 0) return "";
  const [first, ...more] = notes;
  return [
    ...(name === null ? [] : [`<h2>${escaped(name)}</h2>`]),
    ...(first === undefined ? [] : [`<p>${escaped(first)}</p>`]),
    ...(more.length === 0
      ? []
      : [`<ul>${more.map((note) => `<li>${escaped(note)}</li>`).join("\n")}</ul>`]),
    ...shown.map(tableHtml),
    ...(lines === "" ? [] : [`<pre>${lines.split("\n").map(escaped).join("\n")}</pre>`]),
    "",
  ].join("\n");
}

function tableHtml({ caption, columns, detail = "", isFolded, rows }: Table): string {
  const { html, left } = fitting(rows.map((row) => htmlRow(row.map(cellHtml), columns)));
  // In text, a caption may follow the name of its section.
  const title = `${caption.slice(0, 1).toUpperCase()}${caption.slice(1)}`;
  const table = htmlTable({ caption: `${title}${detail}`, head: columns, rows: html });
  const content = `${table}${leftText(left, "row")}`;
  if (isFolded !== true) return content;
  return `<details><summary>${escaped(title)}</summary>${content}</details>`;
}

function cellHtml(cell: Cell): string {
  if (typeof cell === "string") return escaped(cell);
  if ("bar" in cell) return bar(cell.bar);
  if ("deviation" in cell) {
    return deviationBar(cell.deviation, cell.reach, cell.isBad ? "wrong" : "other");
  }
  const lines = cell.lines.map(lineHtml).filter((line) => line !== "");
  // A narrow screen shows each element of a cell as a column, so several lines need one element.
  return lines.length > 1 ? `<div>${lines.join("<br>")}</div>` : (lines[0] ?? "");
}

function lineHtml(line: Line): string {
  if (typeof line === "string") return escaped(line);
  if (!("text" in line)) return line.map(lineHtml).join("");
  const text = escaped(line.text);
  switch (line.style) {
    case "bad":
    case "quiet":
      return `<span class="${line.style}">${text}</span>`;
    case "chip":
      return `<span class="chip bad">${text}</span>`;
    case "code":
    case "time":
      return `<${line.style}>${text}</${line.style}>`;
  }
}
