import { type Paint, printable, wrap } from "@sortition/core/dialect";
import { count, countText } from "../text/values.js";
import { WIDTH } from "../text/width.js";
import {
  differText,
  exampleText,
  nameOf,
  pairText,
  placesText,
  type ShownSubjects,
  shareTexts,
  splitText,
  valueTexts,
} from "./between-text.js";
import type { DifferingSubject } from "./difference-tally.js";
import type { LoneFlag } from "./flag-pairs.js";
import type { Difference, PairReport, ShownExample, SplitReport } from "./pair-report.js";

/** Maximum number of values shown for a group. The JSON contains all. */
const MAX_VALUES = 6;

/** Renders the differences as text that ends with a line feed. */
export function renderBetween(
  reports: readonly PairReport[],
  lone: readonly LoneFlag[],
  shown: ShownSubjects,
  paint: Paint,
): string {
  const parts = reports.filter(isShown);
  const same = reports.length - parts.length;
  const lines = [
    ...parts.flatMap((report) => [
      paint(printable(`${nameOf(report)}: ${differText(report)}`), toneOf(report)),
      ...detailLines(report, shown).flatMap((line) => wrap(printable(line), WIDTH, 6)),
    ]),
    ...lone.map((flag) => printable(loneText(flag))),
    `${countText(same, "flag")} ${same === 1 ? "agrees" : "agree"}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Whether there is anything to show about a pair. */
export function isShown({ differ, splits, undecided, unmeasured }: PairReport): boolean {
  return differ > 0 || splits.length > 0 || undecided.size > 0 || unmeasured !== null;
}

/** A sentence about a flag that only one side has. */
export function loneText({ isOld, key, nearest }: LoneFlag): string {
  const other = isOld ? "NEW" : "OLD";
  const near = nearest === null ? "" : `; the nearest name only in ${other} is ${nearest}`;
  return `${key}: only in ${isOld ? "OLD" : "NEW"}${near}`;
}

function toneOf({ differ }: PairReport): "yellow" | "green" {
  return differ > 0 ? "yellow" : "green";
}

function detailLines(report: PairReport, shown: ShownSubjects): readonly string[] {
  const { differences, splits, unmeasured } = report;
  return [
    ...(unmeasured === null ? [] : [`  not measured: ${unmeasured}`]),
    ...differences.flatMap((it) => differenceLines(it, shown)),
    ...splits.flatMap((it) => splitLines(it, shown)),
  ];
}

function differenceLines(difference: Difference, shown: ShownSubjects): readonly string[] {
  const values = valueTexts(difference);
  const more = values.length - MAX_VALUES;
  return [
    `  ${pairText(difference)}`,
    ...values.slice(0, MAX_VALUES).map((it) => `    ${it}`),
    ...(more > 0 ? [`    and ${count(more)} more ${more === 1 ? "pair" : "pairs"} of values`] : []),
    ...exampleLines(difference.example, shown),
    ...subjectLines(difference.subjects, shown),
  ];
}

function splitLines(split: SplitReport, shown: ShownSubjects): readonly string[] {
  return [
    `  split ${split.old} → ${split.now}: ${shareTexts(split).join(", ")}`,
    `    ${splitText(split)}`,
    ...exampleLines(split.example, shown),
    ...(split.kind === "shares-differ" ? subjectLines(split.subjects, shown) : []),
  ];
}

function exampleLines(example: ShownExample | null, { isNamed }: ShownSubjects): readonly string[] {
  if (example === null) return [];
  const [old, now] = example.why;
  return [
    `    e.g. ${exampleText(example, isNamed)}`,
    ...old.map((line) => `      OLD ${line}`),
    ...now.map((line) => `      NEW ${line}`),
  ];
}

function subjectLines(
  subjects: readonly DifferingSubject[],
  shown: ShownSubjects,
): readonly string[] {
  return shown.isListed && subjects.length > 0 ? [`    ${placesText(subjects, shown)}`] : [];
}
