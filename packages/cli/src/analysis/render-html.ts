import { aboutOf, type PageSource } from "../html/about.js";
import { bar } from "../html/bar.js";
import { deviationBar } from "../html/deviation.js";
import { escaped } from "../html/escaped.js";
import { fitting, leftText, renderPage } from "../html/page.js";
import { htmlRow, htmlTable } from "../html/table.js";
import type { Cell, Report, Section, Table } from "./report.js";

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
  return `${name === null ? "" : `<h2>${escaped(name)}</h2>`}
${notes.map((note, i) => `<p>${escaped(i === 0 ? note : capitalized(note))}</p>`).join("\n")}
${shown.map(tableHtml).join("\n")}
${lines === "" ? "" : `<pre>${lines.split("\n").map(escaped).join("\n")}</pre>`}
`;
}

function tableHtml({ caption, columns, detail = "", isFolded, rows }: Table): string {
  const { html, left } = fitting(rows.map((row) => htmlRow(row.map(cellHtml), columns)));
  const table = `${htmlTable({ caption: `${caption}${detail}`, head: columns, rows: html })}${leftText(left, "row")}`;
  if (isFolded !== true) return table;
  return `<details><summary>${escaped(caption)}</summary>${table}</details>`;
}

function cellHtml(cell: Cell): string {
  if (typeof cell === "string") return escaped(cell);
  if ("bar" in cell) return bar(cell.bar);
  if ("deviation" in cell) {
    return deviationBar(cell.deviation, cell.reach, cell.isBad ? "wrong" : "other");
  }
  const lines = cell.lines.map((line) =>
    typeof line === "string" ? escaped(line) : `<span class="bad">${escaped(line.bad)}</span>`,
  );
  return lines.filter((line) => line !== "").join("<br>");
}

function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
