import { expect, it } from "vitest";
import type { Comparison } from "./compare-cell.js";
import type { ComparedCell, ComparisonReport } from "./report.js";
import { formatComparedCell, formatSummary } from "./table.js";

const judged = (
  participant: string,
  kind: "within" | "above" | "too noisy",
  [ratio, control]: readonly [number, number],
): Comparison => ({
  participant,
  kind,
  medians: { ours: 100 * ratio, control: 100 * ratio * control, theirs: 100 },
  ratio,
  control,
  spread: 1.0123,
  lostShare: 0.043,
  rounds: { ours: [], control: [], theirs: [] },
});

const W1: ComparedCell = {
  id: "eppo:W1",
  title: "one flag",
  unit: "ns",
  state: "compared",
  participants: [
    judged("sortition", "above", [1.27, 1.001]),
    judged("@sortition/eppo", "within", [0.99, 0.999]),
    judged("sortition, other", "too noisy", [1.3, 1.04]),
    { participant: "sortition, new", kind: "not compared", reason: "the other build fails: no" },
    { participant: "sortition, broken", kind: "aborted", reason: "it broke" },
  ],
};
const OTHERS: readonly ComparedCell[] = [
  { id: "cli:evaluate", title: "lines", state: "new" },
  { id: "redis:W12", title: "a fleet", state: "not compared", reason: "single events" },
];

it("shows a line for each participant, with the control beside the ratio", () => {
  expect(formatComparedCell(W1, 1.02).split("\n")).toEqual([
    "eppo:W1: one flag",
    "                    this build  the other    ratio  control  in rounds  core lost             ",
    "  sortition             127 ns     100 ns  1.270 ×  1.001 ×    1.012 ×        4 %   ABOVE 1.02",
    "  @sortition/eppo        99 ns     100 ns  0.990 ×  0.999 ×    1.012 ×        4 %  within 1.02",
    "  sortition, other      130 ns     100 ns  1.300 ×  1.040 ×    1.012 ×        4 %    too noisy",
    "  NOT COMPARED sortition, new: the other build fails: no",
    "  ABORTED sortition, broken: it broke",
  ]);
  expect(OTHERS.map((cell) => formatComparedCell(cell, 1.02))).toEqual([
    "cli:evaluate: lines\n  NEW: the other checkout has no such cell",
    "redis:W12: a fleet\n  NOT COMPARED: single events",
  ]);
});

it("lists at the end what is not within the limit, with cell and figures", () => {
  const report = { against: "/before", limit: 1.02, cells: [W1, ...OTHERS] };
  expect(formatSummary(report as unknown as ComparisonReport).split("\n")).toEqual([
    "against /before: 1 within 1.02",
    "above 1.02:",
    "  eppo:W1, sortition: 1.270 ×",
    "aborted:",
    "  eppo:W1, sortition, broken: it broke",
    "too noisy, so not judged:",
    "  eppo:W1, sortition, other: control 1.040 ×, in rounds 1.012 ×, core lost 4 %",
    "new:",
    "  cli:evaluate",
    "not compared:",
    "  eppo:W1, sortition, new: the other build fails: no",
    "  redis:W12: single events",
  ]);
});
