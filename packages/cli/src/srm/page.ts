import { aboutOf, type PageSource } from "../html/about.js";
import { bar } from "../html/bar.js";
import { escaped } from "../html/escaped.js";
import { fitting, leftText, renderPage } from "../html/page.js";
import { type Column, htmlRow, htmlTable } from "../html/table.js";
import { pValueText } from "../text/p-value.js";
import { count, countText } from "../text/values.js";
import { configuredText, nameOf, notesOf, percent, VERDICT_TEXTS } from "./render.js";
import { type ExperimentVerdict, LEVEL, type PartTest } from "./verdict.js";

const EXPERIMENTS: readonly Column[] = [
  { title: "Experiment" },
  { title: "Subjects", isNumber: true },
  { title: "p", isNumber: true },
  { title: "Verdict" },
];
const SHARES: readonly Column[] = [
  { title: "Variation" },
  { title: "Subjects", isNumber: true },
  { title: "Configured", isNumber: true },
  { title: "Observed", isNumber: true },
  { title: "Share" },
];
const PARTS: readonly Column[] = [
  { title: "Part" },
  { title: "Subjects", isNumber: true },
  { title: "p, corrected", isNumber: true },
];

/** The page of the verdicts, those with a mismatch first. */
export function srmPage(
  verdicts: readonly ExperimentVerdict[],
  { facts, source }: { readonly facts: readonly string[]; readonly source: PageSource },
): string {
  const isMismatch = ({ verdict }: ExperimentVerdict): boolean => verdict === "mismatch";
  const sorted = [...verdicts].sort((a, b) => Number(isMismatch(b)) - Number(isMismatch(a)));
  const rows = fitting(sorted.map(verdictRow));
  const parts = fitting(sorted.map(experimentSection));
  const mismatches = verdicts.filter(isMismatch).length;
  return renderPage({
    title: "Is the traffic split as configured?",
    facts: [
      `${countText(mismatches, "experiment")} of ${count(verdicts.length)} with a mismatch (p < ${LEVEL}).`,
      ...facts,
    ],
    about: aboutOf(source),
    sections: [
      htmlTable({ caption: "Experiments, mismatches first", head: EXPERIMENTS, rows: rows.html }),
      leftText(rows.left, "experiment"),
      parts.html,
      leftText(parts.left, "experiment"),
    ],
  });
}

function verdictRow(verdict: ExperimentVerdict): string {
  const text = escaped(VERDICT_TEXTS[verdict.verdict]);
  const cells = [
    escaped(nameOf(verdict)),
    count(verdict.subjects),
    verdict.test === null ? "" : pValueText(verdict.test.pValue),
    verdict.verdict === "mismatch" ? `<span class="bad">${text}</span>` : text,
  ];
  return htmlRow(cells, EXPERIMENTS);
}

function experimentSection(verdict: ExperimentVerdict): string {
  const { counts, days, shares, subjects, values } = verdict;
  const names = [...new Set([...shares.keys(), ...counts.keys()])];
  const rows = names.map((name) => {
    const share = shares.size === 0 ? null : (shares.get(name) ?? 0);
    const observed = subjects === 0 ? 0 : (counts.get(name) ?? 0) / subjects;
    const drawn = bar([{ share: observed, tone: "other" }], share);
    const cells = [
      escaped(name),
      count(counts.get(name) ?? 0),
      configuredText(shares, name),
      percent(observed),
    ];
    return htmlRow([...cells, drawn], SHARES);
  });
  const parts = [
    ...days.map((day) => partRow(day.name, day)),
    ...values.map((value) => partRow(`${value.attribute} = ${value.name}`, value)),
  ];
  const caption = "Shares; the mark in a bar is the configured one";
  return `<h2>${escaped(nameOf(verdict))}</h2>
${notesOf(verdict)
  .map((note) => `<p>${escaped(note.trim())}</p>`)
  .join("\n")}
${htmlTable({ caption, head: SHARES, rows: rows.join("") })}
${parts.length === 0 ? "" : htmlTable({ caption: "By day and value", head: PARTS, rows: parts.join("") })}
`;
}

function partRow(name: string, { pValue, subjects }: PartTest): string {
  const text = pValueText(pValue);
  const isOff = pValue < LEVEL;
  return htmlRow(
    [escaped(name), count(subjects), isOff ? `<span class="bad">${text}</span>` : text],
    PARTS,
  );
}
