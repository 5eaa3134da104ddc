import { formatRows } from "../table.js";
import { formatFigure, type Unit } from "../unit.js";
import type { Comparison } from "./compare-cell.js";
import type { ComparedCell, ComparisonReport } from "./report.js";

/** A cell as a table: a line per participant. */
export function formatComparedCell(cell: ComparedCell, limit: number): string {
  const heading = `${cell.id}: ${cell.title}`;
  if (cell.state === "new") return `${heading}\n  NEW: the other checkout has no such cell`;
  if (cell.state === "not compared") return `${heading}\n  NOT COMPARED: ${cell.reason}`;
  const { participants, unit } = cell;
  const rows = participants.map((it) => rowOf(it, unit, limit)).filter((row) => row !== null);
  const others = participants.flatMap((it) => {
    if (it.kind !== "aborted" && it.kind !== "not compared") return [];
    return `  ${it.kind.toUpperCase()} ${it.participant}: ${it.reason}`;
  });
  const head = ["", "this build", "the other", "ratio", "control", "in rounds", "core lost", ""];
  return [heading, ...(rows.length === 0 ? [] : formatRows([head, ...rows])), ...others].join("\n");
}

function rowOf(it: Comparison, unit: Unit, limit: number): readonly string[] | null {
  if (it.kind === "aborted" || it.kind === "not compared") return null;
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

/** What came out, below the tables. */
export function formatSummary({ against, cells, limit }: ComparisonReport): string {
  const judged = cells.flatMap((cell) =>
    cell.state === "compared"
      ? cell.participants.map((it) => ({ ...it, name: `${cell.id}, ${it.participant}` }))
      : [],
  );
  const named = (kind: Comparison["kind"]): readonly string[] =>
    judged.flatMap((it) => {
      if (it.kind !== kind) return [];
      if (it.kind === "aborted" || it.kind === "not compared") return `${it.name}: ${it.reason}`;
      return it.kind === "too noisy"
        ? `${it.name}: control ${formatRatio(it.control)}, in rounds ${formatRatio(it.spread)}, core lost ${formatShare(it.lostShare)}`
        : `${it.name}: ${formatRatio(it.ratio)}`;
    });
  const states = (state: ComparedCell["state"]): readonly string[] =>
    cells.flatMap((cell) => {
      if (cell.state !== state) return [];
      return cell.state === "not compared" ? `${cell.id}: ${cell.reason}` : cell.id;
    });
  const lists = [
    [`above ${limit}`, named("above")],
    ["aborted", named("aborted")],
    ["too noisy, so not judged", named("too noisy")],
    ["new", states("new")],
    ["not compared", [...named("not compared"), ...states("not compared")]],
  ] as const;
  return [
    `against ${against}: ${named("within").length} within ${limit}`,
    ...lists.flatMap(([title, lines]) =>
      lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)],
    ),
  ].join("\n");
}

function formatShare(share: number): string {
  return `${(share * 100).toFixed()} %`;
}

/** With enough digits for a limit of 1.01. */
function formatRatio(ratio: number): string {
  return `${ratio.toFixed(3)} ×`;
}
