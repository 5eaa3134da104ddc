import { type Paint, printable } from "@sortition/core/dialect";
import { pValueText } from "../text/p-value.js";
import { table } from "../text/table.js";
import { count, shareText } from "../text/values.js";
import type { Cause, ExperimentVerdict, PartTest } from "./verdict.js";

/** Widths of the columns: with their gaps 80 characters. */
const CAPS: readonly number[] = [24, 11, 25, 14];
const HEAD = ["FLAG, ALLOCATION", "SUBJECTS", "CONFIGURED, OBSERVED", "P, VERDICT"];

/** Verdicts for people. */
export const VERDICT_TEXTS: Readonly<Record<ExperimentVerdict["verdict"], string>> = {
  mismatch: "MISMATCH",
  none: "no mismatch",
  "too-few": "no verdict",
  unknown: "not tested",
};

/** The verdicts, for people. Ends with a line feed. */
export function renderVerdicts(
  verdicts: readonly ExperimentVerdict[],
  isDaily: boolean,
  paint: Paint,
): string {
  const [head = "", ...body] = table([HEAD, ...verdicts.flatMap(rowsOf)], CAPS).map(printable);
  const lines = [paint(head, "dim"), ...body];
  for (const verdict of verdicts) {
    const notes = notesOf(verdict);
    if (notes.length > 0) lines.push("", ...notes.map((note) => printable(note)));
    if (isDaily) lines.push(...partLines(verdict).map(printable));
  }
  return `${lines.join("\n")}\n`;
}

function rowsOf(verdict: ExperimentVerdict): string[][] {
  const { allocation, counts, flag, shares, subjects, test } = verdict;
  const names = [...new Set([...shares.keys(), ...counts.keys()])];
  const splits = names.map((name) => {
    const observed = subjects === 0 ? 0 : (counts.get(name) ?? 0) / subjects;
    return `${name} ${percent(shares.get(name) ?? 0)} → ${percent(observed)}`;
  });
  const ends = [
    test === null ? "" : `p = ${pValueText(test.pValue)}`,
    VERDICT_TEXTS[verdict.verdict],
  ];
  const first = [flag, count(subjects), splits[0] ?? "", ends[0] ?? ""];
  const second = [allocation === null ? "" : `  ${allocation}`, "", splits[1] ?? "", ends[1] ?? ""];
  return [first, second, ...splits.slice(2).map((split) => ["", "", split, ""])];
}

/** What is to be said of an experiment, in lines. */
export function notesOf({
  allocation,
  cause,
  certainSince,
  flag,
  problem,
  test,
  verdict,
}: ExperimentVerdict): string[] {
  const name = allocation === null ? flag : `${flag}, ${allocation}`;
  if (problem !== null) return [`${name}: ${VERDICT_TEXTS[verdict]}: ${problem}`];
  const always = certainSince === null ? [] : [`  by the always-valid test since ${certainSince}`];
  if (test === null || (verdict === "none" && always.length === 0)) return [];
  const { difference, variation } = test.largest;
  const points = `${difference > 0 ? "+" : ""}${(100 * difference).toFixed(2)}`;
  const method = test.method === "drawn" ? ", by 100,000 drawn results" : "";
  return [
    `${name}: ${variation} is ${points} points off, w = ${test.effect.toFixed(4)}${method}`,
    ...always,
    ...(verdict === "mismatch" ? [`  ${causeText(cause)}`] : []),
  ];
}

function causeText(cause: Cause | null): string {
  if (cause === null) return "the data show no single cause";
  const { name, restPValue, subjects } = cause;
  return `most likely ${name}: without these ${count(subjects)} subjects p = ${pValueText(restPValue)}`;
}

function partLines({ days, values }: ExperimentVerdict): string[] {
  const row = (name: string, { pValue, subjects }: PartTest): string[] => [
    `  ${name}`,
    count(subjects),
    `p = ${pValueText(pValue)}`,
  ];
  return table(
    [
      ...days.map((day) => row(day.name, day)),
      ...values.map((value) => row(`${value.attribute} = ${value.name}`, value)),
    ],
    [40, 12, 16],
  ).slice();
}

/** A share as tables show it. */
export function percent(share: number): string {
  return shareText(Number(share.toFixed(4)));
}
