import { type Paint, printable, wrap } from "@sortition/core/dialect";
import { pValueText } from "../text/p-value.js";
import { table } from "../text/table.js";
import { count, countText } from "../text/values.js";
import { type Counts, totalOf } from "./counts.js";
import { EXACT, type TestMethod } from "./split-test.js";
import { type ExperimentVerdict, MAX_VALUES } from "./verdict.js";

const WIDTH = 80;
/** Widths of the columns. With the gaps, they add up to {@link WIDTH} characters. */
const CAPS: readonly number[] = [24, 11, 25, 14];
const HEAD = ["FLAG, ALLOCATION", "SUBJECTS", "CONFIGURED, OBSERVED", "P, VERDICT"];

export const VERDICT_TEXTS: Readonly<Record<ExperimentVerdict["verdict"], string>> = {
  mismatch: "MISMATCH",
  none: "no mismatch",
  "too-few": "no verdict",
  unknown: "not tested",
};

export const METHOD_TEXTS: Readonly<Record<TestMethod, string>> = {
  "chi-square": "chi-square",
  exact: "exact test",
  drawn: `${count(EXACT.draws)} draws`,
};

/** Maximum number of listed parts that differ from the rest. */
const MAX_LISTED = 10;

/** Renders the verdicts as text that ends with a line feed. */
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
    ...(test === null ? [""] : [`p = ${pValueText(test.pValue)}`]),
    VERDICT_TEXTS[verdict.verdict],
    ...(test === null ? [] : [METHOD_TEXTS[test.method]]),
  ];
  const starts = [flag ?? `${experiment}`, allocation === null ? "" : `  ${allocation}`];
  return Array.from({ length: Math.max(splits.length, ends.length) }, (_, i) => [
    starts[i] ?? "",
    i === 0 ? count(subjects) : "",
    splits[i] ?? "",
    ends[i] ?? "",
  ]);
}

/** Remarks on an experiment, in lines of at most {@link WIDTH} characters. */
function notesOf(experiment: ExperimentVerdict): readonly string[] {
  const { differing, shares } = experiment;
  const [first, ...more] = remarksOf(experiment);
  if (first === undefined) return [];
  const shown = listsParts(experiment) ? differing.slice(0, MAX_LISTED) : [];
  const left = listsParts(experiment) ? differing.length - shown.length : 0;
  const rows = shown.map((part) => partCells(part, shares));
  const lines = (text: string): readonly string[] =>
    wrap(text, WIDTH, 2).map((line) => line.replaceAll(GLUE, " "));
  return [
    ...lines(`${nameOf(experiment)}: ${first}`),
    ...more.flatMap((remark) => lines(`  ${remark}`)),
    ...table(rows, PART_CAPS),
    ...(left === 0 ? [] : [`  and ${count(left)} more; use --json to list them`]),
  ];
}

/** A non-breaking space. */
const GLUE = "\u00a0";

/** `p = 0.1`, without a line break. */
function equation(name: string, value: string): string {
  return [name, "=", value].join(GLUE);
}

/** Remarks on an experiment, in addition to its row in the table. */
export function remarksOf(experiment: ExperimentVerdict): readonly string[] {
  const { certainSince, problem, test, untested, verdict } = experiment;
  if (problem !== null) return [`${VERDICT_TEXTS[verdict]}: ${problem}`];
  const always =
    certainSince !== null
      ? [`the always-valid test has reported a mismatch since ${certainSince}`]
      : verdict === "mismatch"
        ? ["the always-valid test does not report a mismatch"]
        : [];
  const tooMany = untested.map(
    ({ attribute, values }) =>
      `not tested: ${attribute}, because it has ${count(values)} values (at most ${MAX_VALUES} are compared)`,
  );
  if (test === null || (verdict === "none" && always.length === 0)) return tooMany;
  const { difference, variation } = test.largest;
  const points = Math.abs(100 * difference).toFixed(2);
  const side = difference < 0 ? "below" : "above";
  const off = `${variation} is ${points} points ${side} its configured share`;
  const size =
    test.effect === null
      ? `; ${unsharedText(experiment)}`
      : `, ${equation("w", test.effect.toFixed(4))}`;
  const cause = verdict === "mismatch" ? [causeText(experiment)] : [];
  return [`${off}${size}`, ...always, ...tooMany, ...cause];
}

/** Names the variations that have subjects although their share is 0. */
function unsharedText({ counts, shares }: ExperimentVerdict): string {
  const texts = [...counts].flatMap(([key, n]) =>
    n === 0 || (shares.get(key) ?? 0) > 0 ? [] : [`${key} has ${countText(n, "subject")}`],
  );
  return `${texts.join(", ")}, although ${texts.length === 1 ? "its share is" : "their shares are"} 0%`;
}

/** A difference of shares in percentage points, with its sign. */
export function pointsText(difference: number): string {
  return `${difference > 0 ? "+" : ""}${(100 * difference).toFixed(2)}`;
}

/** The flag and the allocation, or the experiment if it does not belong to a single flag. */
export function nameOf({ allocation, experiment, flag }: ExperimentVerdict): string {
  const name = flag ?? `${experiment}`;
  return allocation === null ? name : `${name}, ${allocation}`;
}

/** Whether to list the parts that differ, because none of them alone is the cause. */
function listsParts({ cause, differing }: ExperimentVerdict): boolean {
  return cause === null && differing.length > 0;
}

function causeText({ cause, compared, differing }: ExperimentVerdict): string {
  if (cause !== null) {
    const { name, restPValue, subjects } = cause;
    const rest = equation("p", pValueText(restPValue));
    return `most likely cause: ${name}. Without these ${count(subjects)} subjects, ${rest}`;
  }
  if (differing.length > 0) return "parts differ, but none alone explains the mismatch:";
  return compared === 0
    ? "there are no parts to compare; add --by to compare the values of attributes"
    : "no tested part differs measurably from the rest";
}

/** Widths of the columns: name, subjects, shares, p-value. */
const PART_CAPS: readonly number[] = [32, 11, 19, 12];

function partCells(
  {
    counts,
    name,
    pValue,
  }: { readonly name: string; readonly counts: Counts; readonly pValue: number },
  shares: ExperimentVerdict["shares"],
): string[] {
  const subjects = totalOf(counts);
  const splits = [...shares.keys()].map(
    (key) => `${key} ${percent((counts.get(key) ?? 0) / subjects)}`,
  );
  return [`  ${name}`, count(subjects), splits.join(", "), `p = ${pValueText(pValue)}`];
}

/** A line that names the experiment, then its days and values. */
function partLines(verdict: ExperimentVerdict): string[] {
  const { days, shares, values } = verdict;
  if (days.length + values.length === 0) return [];
  const kinds = [...(days.length > 0 ? ["day"] : []), ...new Set(values.map((it) => it.attribute))];
  const parts = [...days, ...values.map((it) => ({ ...it, name: `${it.attribute} = ${it.name}` }))];
  const rows = table(
    parts.map((part) => partCells(part, shares)),
    PART_CAPS,
  );
  return ["", `${nameOf(verdict)}, by ${kinds.join(", ")}`, ...rows];
}

/** The configured share of a variation, or `–` if it is unknown. */
export function configuredText(shares: ExperimentVerdict["shares"], variation: string): string {
  return shares.size === 0 ? "–" : percent(shares.get(variation) ?? 0);
}

/** A share as tables show it. */
export function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))}%`;
}
