import { escaped } from "./escaped.js";

export interface HtmlTable {
  readonly caption: string;
  readonly head: readonly Column[];
  /** HTML from {@link htmlRow}. */
  readonly rows: string;
}

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

export function htmlTable({ caption, head, rows }: HtmlTable): string {
  const titles = head.map(({ isNumber, title }) => {
    return `<th scope="col"${isNumber === true ? ' class="number"' : ""}>${escaped(title)}</th>`;
  });
  return `<div class="table"><table class="stacked"><caption>${escaped(caption)}</caption>
<thead><tr>${titles.join("")}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

/**
 * Renders a row. Its first cell is its title. On a narrow screen, the other cells are stacked, each with the title of
 * its column, and empty cells are hidden.
 *
 * @param cells - HTML of the cells.
 */
export function htmlRow(cells: readonly string[], head: readonly Column[]): string {
  const [first = "", ...others] = cells;
  const rest = others.map((cell, i) => {
    const column = head[i + 1];
    const title = cell === "" ? "" : ` data-label="${escaped(column?.title ?? "")}"`;
    return `<td${column?.isNumber === true ? ' class="number"' : ""}${title}>${cell}</td>`;
  });
  return `<tr><th scope="row">${first}</th>${rest.join("")}</tr>\n`;
}
