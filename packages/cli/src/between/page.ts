import { aboutOf, type PageSource } from "../html/about.js";
import { bar } from "../html/bar.js";
import { escaped } from "../html/escaped.js";
import { fitting, leftText, renderPage } from "../html/page.js";
import { type Column, htmlRow, htmlTable } from "../html/table.js";
import { count, countText } from "../text/values.js";
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
import { isShown, loneText } from "./render.js";

/** What the page of a comparison shows in addition to its flags. */
export interface BetweenPageFacts {
  readonly facts: readonly string[];
  readonly shown: ShownSubjects;
  readonly source: PageSource;
}

const FLAGS: readonly Column[] = [
  { title: "Flag" },
  { title: "Subjects", isNumber: true },
  { title: "Differ", isNumber: true },
  { title: "Share" },
  { title: "Change variation in splits", isNumber: true },
  { title: "Note" },
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

export function betweenPage(
  reports: readonly PairReport[],
  lone: readonly LoneFlag[],
  { facts, shown, source }: BetweenPageFacts,
): string {
  const parts = reports.filter(isShown);
  const rows = fitting(parts.map(flagRow));
  const sections = fitting(
    parts
      .filter(({ differences, splits }) => differences.length + splits.length > 0)
      .map((report) => flagSection(report, shown)),
  );
  const differing = reports.filter(({ differ }) => differ > 0).length;
  return renderPage({
    title: "Who gets a different value, and why",
    facts: [
      source.configurations.map(({ name }) => name).join(" → "),
      `${countText(differing, "flag")} ${differing === 1 ? "differs" : "differ"}, ${count(reports.length - differing)} ${reports.length - differing === 1 ? "agrees" : "agree"}, and ${count(lone.length)} ${lone.length === 1 ? "exists" : "exist"} on one side only.`,
      ...facts,
    ],
    about: aboutOf(source),
    sections: [
      rows.html === ""
        ? ""
        : htmlTable({
            caption: "Flags with different values or with splits",
            head: FLAGS,
            rows: rows.html,
          }),
      leftText(rows.left, "flag"),
      loneList(lone),
      sections.html,
      leftText(sections.left, "flag"),
    ],
  });
}

function flagRow(report: PairReport): string {
  const { differ, reshuffled, total, unmeasured } = report;
  const share = total === 0 ? 0 : differ / total;
  const cells = [
    escaped(nameOf(report)),
    count(total),
    differ === 0 ? "0" : `<span class="bad">${count(differ)}</span>`,
    bar([{ share, tone: "wrong" }]),
    reshuffled === 0 ? "" : count(reshuffled),
    unmeasured === null ? "" : escaped(`not measured: ${unmeasured}`),
  ];
  return htmlRow(cells, FLAGS);
}

function loneList(lone: readonly LoneFlag[]): string {
  if (lone.length === 0) return "";
  const items = fitting(lone.map((flag) => `<li>${escaped(loneText(flag))}</li>`));
  return `<h2>On one side only</h2>\n<ul>${items.html}</ul>${leftText(items.left, "flag")}\n`;
}

function flagSection(report: PairReport, shown: ShownSubjects): string {
  const { differences, splits } = report;
  const causes = differences.map((it) => causeRow(it, shown)).join("");
  const divided = splits.map((it) => splitRow(it, shown)).join("");
  return [
    `<h2>${escaped(nameOf(report))}</h2>`,
    causes === ""
      ? ""
      : htmlTable({ caption: `Causes: ${differText(report)}`, head: CAUSES, rows: causes }),
    divided === "" ? "" : htmlTable({ caption: "Splits", head: SPLITS, rows: divided }),
  ].join("\n");
}

function causeRow(difference: Difference, shown: ShownSubjects): string {
  const { example, moved, subjects } = difference;
  const cells = [
    escaped(pairText(difference)),
    count(moved),
    linesHtml(valueTexts(difference)),
    `<div>${exampleHtml(example, shown)}${subjectsHtml(subjects, shown)}</div>`,
  ];
  return htmlRow(cells, CAUSES);
}

function splitRow(split: SplitReport, shown: ShownSubjects): string {
  const isBad = split.kind === "shares-differ";
  const text = escaped(splitText(split));
  const cells = [
    escaped(`${split.old} → ${split.now}`),
    count(split.count),
    linesHtml(shareTexts(split)),
    `<div>${isBad ? `<span class="bad">${text}</span>` : text}${exampleHtml(split.example, shown)}</div>`,
  ];
  return htmlRow(cells, SPLITS);
}

function exampleHtml(example: ShownExample | null, { isNamed }: ShownSubjects): string {
  if (example === null) return "";
  const [old, now] = example.why;
  const lines = [
    exampleText(example, isNamed),
    ...old.map((line) => `OLD ${line}`),
    ...now.map((line) => `NEW ${line}`),
  ];
  return `<pre>${lines.map(escaped).join("\n")}</pre>`;
}

function subjectsHtml(subjects: readonly DifferingSubject[], shown: ShownSubjects): string {
  return shown.isListed ? `<p class="quiet">${escaped(placesText(subjects, shown))}</p>` : "";
}

/** Puts lines into one element, because a narrow screen shows each element of a cell as a column. */
function linesHtml(lines: readonly string[]): string {
  return `<div>${lines.map(escaped).join("<br>")}</div>`;
}
