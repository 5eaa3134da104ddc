import type { Cell, Column, Line, Report, Section } from "../analysis/report.js";
import { count, countText } from "../text/values.js";
import type { LoneFlag } from "./flag-pairs.js";
import { loneJson, pairJson } from "./pair-json.js";
import type { Difference, PairReport, ShownExample, SplitReport } from "./pair-report.js";
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
} from "./vendors-text.js";

/** The compared flags, and those that only one configuration has. */
export interface Compared {
  readonly reports: readonly PairReport[];
  readonly lone: readonly LoneFlag[];
  readonly configurations: readonly { readonly name: string }[];
}

const FLAGS: readonly Column[] = [
  { title: "Flag" },
  { title: "Subjects", isNumber: true },
  { title: "Differ", isNumber: true },
  { title: "Share" },
  { title: "Change variation in splits", isNumber: true },
  { title: "Note" },
];
const LONE: readonly Column[] = [
  { title: "Flag" },
  { title: "Only in" },
  { title: "Nearest name only in the other" },
];
const CAUSES: readonly Column[] = [
  { title: "Decided by (OLD → NEW)" },
  { title: "Subjects", isNumber: true },
  { title: "Values" },
  { title: "Smallest example" },
];
const SPLITS: readonly Column[] = [
  { title: "Split (OLD → NEW)" },
  { title: "Subjects", isNumber: true },
  { title: "Shares" },
  { title: "Verdict" },
];
/** Maximum number of values that the text shows for a group. The JSON contains all. */
const MAX_VALUES = 6;

export function twoVendorsReport(
  { configurations, lone, reports }: Compared,
  shown: ShownSubjects,
): Pick<Report, "title" | "answer" | "sections" | "json"> {
  const differing = reports.filter(({ differ }) => differ > 0).length;
  const equal = reports.length - differing;
  const parts = reports.filter(isShown);
  const states = [
    `${countText(differing, "flag")} ${differing === 1 ? "differs" : "differ"}`,
    `${count(equal)} ${equal === 1 ? "agrees" : "agree"}`,
    `and ${count(lone.length)} ${lone.length === 1 ? "exists" : "exist"} on one side only`,
  ];
  return {
    title: "Who gets a different value, and why",
    answer: [configurations.map(({ name }) => name).join(" → "), `${states.join(", ")}.`],
    sections: () => [
      {
        name: null,
        tables: [
          {
            caption: "Flags with different values or with splits",
            columns: FLAGS,
            rows: parts.map(flagRow),
          },
          { caption: "On one side only", columns: LONE, rows: lone.map(loneRow) },
        ],
        only: "page",
      },
      ...parts.flatMap((report) => [textSection(report, shown), pageSection(report, shown)]),
      {
        name: null,
        notes: [
          ...lone.map(loneText),
          ...pairAdvice(lone),
          agreeText(reports.length - parts.length),
        ],
        only: "text",
      },
    ],
    json: [...reports.map((report) => pairJson(report, shown)), ...lone.map(loneJson)],
  };
}

/** Whether there is anything to show about a pair. */
function isShown({ differ, splits, undecided, unmeasured }: PairReport): boolean {
  return differ > 0 || splits.length > 0 || undecided.size > 0 || unmeasured !== null;
}

function agreeText(n: number): string {
  return `${countText(n, "flag")} ${n === 1 ? "agrees" : "agree"}`;
}

/** A sentence about a flag that only one side has. */
function loneText({ isOld, key, nearest }: LoneFlag): string {
  const other = isOld ? "NEW" : "OLD";
  const near = nearest === null ? "" : `; the nearest name only in ${other} is ${nearest}`;
  return `${key}: only in ${isOld ? "OLD" : "NEW"}${near}`;
}

/** How to compare flags with similar names. */
function pairAdvice(lone: readonly LoneFlag[]): readonly string[] {
  const pairs = lone.flatMap(({ isOld, key, nearest }) =>
    isOld && nearest !== null ? [[key, nearest] as const] : [],
  );
  if (pairs.length === 0) return [];
  const map = JSON.stringify({ flags: Object.fromEntries(pairs.slice(0, MAX_VALUES)) });
  return [`to compare flags with different names, add --map FILE with ${map}`];
}

function loneRow({ isOld, key, nearest }: LoneFlag): readonly Cell[] {
  return [key, isOld ? "OLD" : "NEW", nearest ?? ""];
}

function flagRow(report: PairReport): readonly Cell[] {
  const { differ, reshuffled, total, unmeasured } = report;
  return [
    nameOf(report),
    count(total),
    differ === 0 ? "0" : { lines: [{ text: count(differ), style: "bad" }] },
    { bar: [{ share: total === 0 ? 0 : differ / total, tone: "wrong" }] },
    reshuffled === 0 ? "" : count(reshuffled),
    unmeasured === null ? "" : `not measured: ${unmeasured}`,
  ];
}

function textSection(report: PairReport, shown: ShownSubjects): Section {
  const { differ, differences, splits } = report;
  return {
    name: nameOf(report),
    tone: differ > 0 ? "yellow" : "green",
    notes: notesOf(report),
    lines: [
      ...differences.flatMap((it) => differenceLines(it, shown)),
      ...splits.flatMap((it) => splitLines(it, report, shown)),
    ].join("\n"),
    only: "text",
  };
}

function notesOf(report: PairReport): readonly string[] {
  const { unmeasured } = report;
  return [differText(report), ...(unmeasured === null ? [] : [`not measured: ${unmeasured}`])];
}

function differenceLines(difference: Difference, shown: ShownSubjects): readonly string[] {
  const values = valueTexts(difference);
  const more = values.length - MAX_VALUES;
  return [
    pairText(difference),
    ...values.slice(0, MAX_VALUES).map((it) => `  ${it}`),
    ...(more > 0 ? [`  and ${count(more)} more ${more === 1 ? "pair" : "pairs"} of values`] : []),
    ...exampleLines(difference.example, shown).map((line, i) =>
      i === 0 ? `  e.g. ${line}` : `    ${line}`,
    ),
    ...subjectLines(difference, shown),
  ];
}

function splitLines(
  split: SplitReport,
  { source }: PairReport,
  shown: ShownSubjects,
): readonly string[] {
  return [
    `split ${split.old} → ${split.now}: ${shareTexts(split).join(", ")}`,
    `  ${splitText(split, source)}`,
    ...exampleLines(split.example, shown).map((line, i) =>
      i === 0 ? `  e.g. ${line}` : `    ${line}`,
    ),
    ...(split.kind === "shares-differ" ? subjectLines(split, shown) : []),
  ];
}

function subjectLines({ subjects }: Difference | SplitReport, shown: ShownSubjects) {
  return shown.isListed && subjects.length > 0 ? [`  ${placesText(subjects, shown)}`] : [];
}

/** The example, then what decided in OLD and in NEW. */
function exampleLines(example: ShownExample | null, { isNamed }: ShownSubjects): readonly string[] {
  if (example === null) return [];
  const [old, now] = example.why;
  return [
    exampleText(example, isNamed),
    ...old.map((line) => `OLD ${line}`),
    ...now.map((line) => `NEW ${line}`),
  ];
}

function pageSection(report: PairReport, shown: ShownSubjects): Section {
  const { differences, splits } = report;
  return {
    name: nameOf(report),
    notes: notesOf(report),
    tables: [
      { caption: "Causes", columns: CAUSES, rows: differences.map((it) => causeRow(it, shown)) },
      { caption: "Splits", columns: SPLITS, rows: splits.map((it) => splitRow(it, report, shown)) },
    ],
    only: "page",
  };
}

function causeRow(difference: Difference, shown: ShownSubjects): readonly Cell[] {
  const { example, moved, subjects } = difference;
  const places: readonly Line[] = shown.isListed
    ? [{ text: placesText(subjects, shown), style: "quiet" }]
    : [];
  return [
    pairText(difference),
    count(moved),
    { lines: valueTexts(difference) },
    { lines: [...codeLines(example, shown), ...places] },
  ];
}

function splitRow(
  split: SplitReport,
  { source }: PairReport,
  shown: ShownSubjects,
): readonly Cell[] {
  const text = splitText(split, source);
  const verdict: Line = split.kind === "shares-differ" ? { text, style: "bad" } : text;
  return [
    `${split.old} → ${split.now}`,
    count(split.count),
    { lines: shareTexts(split) },
    { lines: [verdict, ...codeLines(split.example, shown)] },
  ];
}

function codeLines(example: ShownExample | null, shown: ShownSubjects): readonly Line[] {
  return exampleLines(example, shown).map((text) => ({ text, style: "code" }));
}
