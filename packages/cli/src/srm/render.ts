import { type Paint, printable, shareText } from "@sortition/core/dialect";
import { pValueText } from "../text/p-value.js";
import { table } from "../text/table.js";
import { count } from "../text/values.js";
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
  const { allocation, counts, experiment, flag, shares, subjects, test } = verdict;
  const names = [...new Set([...shares.keys(), ...counts.keys()])];
  const splits = names.map((name) => {
    const observed = subjects === 0 ? 0 : (counts.get(name) ?? 0) / subjects;
    return `${name} ${configuredText(shares, name)} → ${percent(observed)}`;
  });
  const ends = [
    test === null ? "" : `p = ${pValueText(test.pValue)}`,
    VERDICT_TEXTS[verdict.verdict],
  ];
  const first = [flag ?? `${experiment}`, count(subjects), splits[0] ?? "", ends[0] ?? ""];
  const second = [allocation === null ? "" : `  ${allocation}`, "", splits[1] ?? "", ends[1] ?? ""];
  return [first, second, ...splits.slice(2).map((split) => ["", "", split, ""])];
}

/** What is to be said of an experiment, in lines. */
export function notesOf(experiment: ExperimentVerdict): string[] {
  const { cause, certainSince, problem, test, verdict } = experiment;
  const name = nameOf(experiment);
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

/** The flag and the allocation; the experiment where it is not of one flag. */
export function nameOf({ allocation, experiment, flag }: ExperimentVerdict): string {
  const name = flag ?? `${experiment}`;
  return allocation === null ? name : `${name}, ${allocation}`;
}

function causeText(cause: Cause | null): string {
  if (cause === null) return "the data show no single cause";
  const { name, restPValue, subjects } = cause;
  return `most likely ${name}: without these ${count(subjects)} subjects p = ${pValueText(restPValue)}`;
}

/** Days and values of an experiment, below a line that names it. */
function partLines(verdict: ExperimentVerdict): string[] {
  const { days, values } = verdict;
  if (days.length + values.length === 0) return [];
  const kinds = [...(days.length > 0 ? ["day"] : []), ...new Set(values.map((it) => it.attribute))];
  const row = (name: string, { pValue, subjects }: PartTest): string[] => [
    `  ${name}`,
    count(subjects),
    `p = ${pValueText(pValue)}`,
  ];
  const rows = table(
    [
      ...days.map((day) => row(day.name, day)),
      ...values.map((value) => row(`${value.attribute} = ${value.name}`, value)),
    ],
    [40, 12, 16],
  );
  return ["", `${nameOf(verdict)}, by ${kinds.join(", ")}`, ...rows];
}

/** The configured share of a variation; `–`: none is known. */
export function configuredText(shares: ExperimentVerdict["shares"], variation: string): string {
  return shares.size === 0 ? "–" : percent(shares.get(variation) ?? 0);
}

/** A share as tables show it. */
export function percent(share: number): string {
  return shareText(Number(share.toFixed(4)));
}
