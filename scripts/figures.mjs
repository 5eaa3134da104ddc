// The figures of the README's first screen, read from the tables of the pages that have their evidence.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Nanoseconds in the units of the tables. */
const UNITS = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 };

/**
 * @typedef {object} Speed
 * @property {string} sdk - the vendor's package.
 * @property {number} native - times as long as our native client without a logger.
 * @property {number} logged - times as long as `by` with a logger, for an exposure that was logged before.
 * @property {"drop-in" | "native client"} by
 */

/**
 * @param {string} root
 * @returns {{ claims: readonly Record<"figure" | "what" | "page", string>[], speeds: readonly Speed[] }}
 */
export function readFigures(root) {
  const page = (name) => readFileSync(join(root, "docs", name), "utf8");
  const texts = JSON.parse(page("figures.json"));
  const performance = page("performance.md");
  const speeds = texts.speeds.map(({ logged, native, sdk, section, vendor }) => {
    const table = rowsOf(sectionOf(performance, section));
    const ratio = (cell, ours) => rounded(timeOf(table, cell, vendor) / timeOf(table, cell, ours));
    const by = table[0]?.["drop-in"] === undefined ? "native client" : "drop-in";
    const column = by === "drop-in" ? by : native.column;
    return { sdk, by, native: ratio(native.row, native.column), logged: ratio(logged, column) };
  });
  const dropIns = speeds.filter(({ by }) => by === "drop-in");
  const packages = rowsOf(performance).find(({ cell }) => cell === "W9: packages installed");
  const figures = {
    dropIns: `${rangeOf(dropIns.map((it) => it.logged))} times`,
    cases: `${casesOf(page("conformance.md"))} cases`,
    packages: `${packages?.["Sortition"]} packages`,
    drill: `${slowestReturn(page("compare.md"))} seconds`,
  };
  const claims = Object.entries(figures).map(([name, figure]) => ({
    ...texts.claims[name],
    figure,
    what: texts.claims[name].what.replace("{vendor}", packages?.["Eppo"] ?? ""),
  }));
  return { claims, speeds };
}

/** The text below a heading, to the next of its level. */
function sectionOf(text, title) {
  const section = text.split(/^## /m).find((it) => it.startsWith(`${title}\n`));
  if (section === undefined) throw new Error(`there is no section ${title}`);
  return section;
}

/** Rows of all tables, with the heads of their columns. */
function rowsOf(text) {
  return [...text.matchAll(/^(\|.*\|)\n\|[-:| ]+\|\n((?:\|.*\n)+)/gm)].flatMap(
    ([, head = "", body = ""]) => {
      const names = cellsOf(head);
      return body
        .trimEnd()
        .split("\n")
        .map((row) => {
          const cells = cellsOf(row);
          // Of two columns of one name, the first has the times.
          return Object.fromEntries(names.map((name, i) => [name, cells[i]]).toReversed());
        });
    },
  );
}

const cellsOf = (row) =>
  row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

function timeOf(table, cell, column) {
  const text = table.find((row) => row.cell === cell)?.[column];
  const [, figure, unit] = /^([\d.]+) (\S+)$/.exec(text ?? "") ?? [];
  if (!(unit in UNITS)) throw new Error(`${cell}, ${column}: expected a time, received ${text}`);
  return Number(figure) * UNITS[unit];
}

/** Two digits, or all before the point. */
const rounded = (ratio) => (ratio < 9.95 ? Number(ratio.toFixed(1)) : Math.round(ratio));

const rangeOf = (figures) => `${Math.min(...figures)} to ${Math.max(...figures)}`;

/** The sum of the cases of the vendors that publish some; all of them have to pass. */
function casesOf(conformance) {
  const tables =
    /^### (?:Eppo: assignments|Eppo: bandits|GrowthBook)\n[^#]*?\*\*all\*\* \| (\d+) of \1 \|/gm;
  return [...conformance.matchAll(tables)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** The slowest return of our packages in the drill, rounded up to tenths of a second. */
function slowestReturn(compare) {
  const rows = compare.match(/^\| `@sortition\/\w+` \|.*back after.*$/gm) ?? [];
  const seconds = [...rows.join("\n").matchAll(/back after ([\d.]+) (ms|s)/g)].map(
    ([, figure, unit]) => (Number(figure) * UNITS[unit]) / 1e9,
  );
  return Math.ceil(10 * Math.max(...seconds)) / 10;
}
