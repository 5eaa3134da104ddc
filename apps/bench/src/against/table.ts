import { formatRows } from "../table.js";
import { formatFigure, type Unit } from "../unit.js";
import type { Comparison } from "./compare-cell.js";
import type { ComparedCell, ComparisonReport } from "./report.js";

type Judged = Exclude<Comparison, { reason: string }>;

/** A cell as a table: a line per participant. */
export function formatComparedCell(cell: ComparedCell, limit: number): string {
  const heading = `${cell.id}: ${cell.title}`;
  if (cell.state === "new") return `${heading}\n  NEW: the other checkout has no such cell`;
  if (cell.state === "not compared") return `${heading}\n  NOT COMPARED: ${cell.reason}`;
  const { participants, unit } = cell;
  const rows = participants.flatMap((it) => ("reason" in it ? [] : [rowOf(it, unit, limit)]));
  const others = participants.flatMap((it) =>
    "reason" in it ? `  ${it.kind.toUpperCase()} ${it.participant}: ${it.reason}` : [],
  );
  const head = ["", "this build", "the other", "ratio", "control", "in rounds", "core lost", ""];
  return [heading, ...(rows.length === 0 ? [] : formatRows([head, ...rows])), ...others].join("\n");
}

function rowOf(it: Judged, unit: Unit, limit: number): readonly string[] {
  const { participant, medians, ratio, control, spread, lostShare, kind } = it;
  return [
    participant,
    formatFigure(medians.ours, unit),
    formatFigure(medians.theirs, unit),
    formatRatio(ratio),
    formatRatio(control),
    formatRatio(spread),
    formatShare(lostShare),
    kind === "too noisy" ? kind : `${kind === "above" ? "ABOVE" : kind} ${limit}`,
  ];
}

/** Kinds of what is not within the limit, with their titles. */
const titlesOf = (limit: number) => ({
  above: `above ${limit}`,
  aborted: "aborted",
  "too noisy": "too noisy, so not judged",
  new: "new",
  "not compared": "not compared",
});

/** What came out, below the tables. */
export function formatSummary({ against, cells, limit }: ComparisonReport): string {
  const entries = cells.flatMap(entriesOf);
  const linesOf = (kind: string): readonly string[] =>
    entries.filter((it) => it.kind === kind).map(({ line }) => `  ${line}`);
  return [
    `against ${against}: ${linesOf("within").length} within ${limit}`,
    ...Object.entries(titlesOf(limit)).flatMap(([kind, title]) => {
      const lines = linesOf(kind);
      return lines.length === 0 ? [] : [`${title}:`, ...lines];
    }),
  ].join("\n");
}

function entriesOf(
  cell: ComparedCell,
): readonly { readonly kind: string; readonly line: string }[] {
  if (cell.state === "new") return [{ kind: "new", line: cell.id }];
  if (cell.state === "not compared") {
    return [{ kind: cell.state, line: `${cell.id}: ${cell.reason}` }];
  }
  return cell.participants.map((it) => {
    return { kind: it.kind, line: `${cell.id}, ${it.participant}: ${noteOf(it)}` };
  });
}

function noteOf(it: Comparison): string {
  if ("reason" in it) return it.reason;
  if (it.kind !== "too noisy") return formatRatio(it.ratio);
  const [control, spread] = [it.control, it.spread].map(formatRatio);
  return `control ${control}, in rounds ${spread}, core lost ${formatShare(it.lostShare)}`;
}

function formatShare(share: number): string {
  return `${(share * 100).toFixed()} %`;
}

/** With enough digits for a limit of 1.01. */
function formatRatio(ratio: number): string {
  return `${ratio.toFixed(3)} ×`;
}
