import { wilsonInterval } from "@sortition/proof";
import { aboutOf, type PageSource } from "../html/about.js";
import { type Deviation, deviationBar } from "../html/deviation.js";
import { escaped } from "../html/escaped.js";
import { fitting, leftText, renderPage } from "../html/page.js";
import { type Column, htmlRow, htmlTable } from "../html/table.js";
import { pValueText } from "../text/p-value.js";
import { count, countText } from "../text/values.js";
import { type Counts, totalOf } from "./counts.js";
import {
  configuredText,
  METHOD_TEXTS,
  nameOf,
  percent,
  pointsText,
  remarksOf,
  VERDICT_TEXTS,
} from "./render.js";
import { LEVEL } from "./split-test.js";
import type { ExperimentVerdict } from "./verdict.js";

const EXPERIMENTS: readonly Column[] = [
  { title: "Experiment" },
  { title: "Subjects", isNumber: true },
  { title: "p", isNumber: true },
  { title: "Test" },
  { title: "Verdict" },
];
const VARIATIONS: readonly Column[] = [
  { title: "Variation" },
  { title: "Subjects", isNumber: true },
  { title: "Configured", isNumber: true },
  { title: "Observed", isNumber: true },
  { title: "Difference in points", isNumber: true },
  { title: "Deviation" },
];
const PARTS: readonly Column[] = [
  { title: "Part" },
  { title: "Subjects", isNumber: true },
  { title: "Observed", isNumber: true },
  { title: "Difference in points", isNumber: true },
  { title: "Deviation" },
  { title: "Corrected p", isNumber: true },
];
const INTERVAL = `with its ${percent(1 - LEVEL)} confidence interval`;

/** Builds the page of the verdicts, mismatches first. Untested experiments are listed by reason. */
export function srmPage(
  verdicts: readonly ExperimentVerdict[],
  { facts, source }: { readonly facts: readonly string[]; readonly source: PageSource },
): string {
  const isMismatch = ({ verdict }: ExperimentVerdict): boolean => verdict === "mismatch";
  const tested = verdicts.filter(({ test }) => test !== null);
  const sorted = tested.sort((a, b) => Number(isMismatch(b)) - Number(isMismatch(a)));
  const rows = fitting(sorted.map(verdictRow));
  const parts = fitting(sorted.map(experimentSection));
  const untested = fitting(untestedLines(verdicts));
  const mismatches = verdicts.filter(isMismatch).length;
  return renderPage({
    title: "Is the traffic split as configured?",
    facts: [
      `${count(mismatches)} of ${count(tested.length)} tested experiments ${mismatches === 1 ? "has" : "have"} a mismatch (p < ${LEVEL}). The always-valid test does not change this verdict.`,
      ...facts,
    ],
    about: aboutOf(source),
    sections: [
      rows.html === ""
        ? ""
        : htmlTable({
            caption: "Experiments, mismatches first",
            head: EXPERIMENTS,
            rows: rows.html,
          }),
      leftText(rows.left, "experiment"),
      untested.html,
      leftText(untested.left, "reason"),
      parts.html,
      leftText(parts.left, "experiment"),
    ],
  });
}

function verdictRow(verdict: ExperimentVerdict): string {
  const { subjects, test } = verdict;
  const text = escaped(VERDICT_TEXTS[verdict.verdict]);
  const cells = [
    escaped(nameOf(verdict)),
    count(subjects),
    test === null ? "" : pValueText(test.pValue),
    test === null ? "" : METHOD_TEXTS[test.method],
    verdict.verdict === "mismatch" ? `<span class="chip bad">${text}</span>` : text,
  ];
  return htmlRow(cells, EXPERIMENTS);
}

/** Yields a line for each reason why experiments were not tested. It expands to list them. */
function* untestedLines(verdicts: readonly ExperimentVerdict[]): Generator<string, void> {
  const byReason = new Map<string, ExperimentVerdict[]>();
  for (const verdict of verdicts) {
    if (verdict.problem === null) continue;
    const same = byReason.get(verdict.problem);
    if (same === undefined) byReason.set(verdict.problem, [verdict]);
    else same.push(verdict);
  }
  for (const [reason, same] of byReason) {
    const names = same.map((it) => `${nameOf(it)} (${countText(it.subjects, "subject")})`);
    const summary = `${countText(same.length, "experiment")} not tested: ${reason}`;
    yield `${folded(summary, `<p>${escaped(names.join("; "))}</p>`)}\n`;
  }
}

function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** Returns HTML that expands with a click on its summary; empty without HTML. */
function folded(summary: string, html: string): string {
  if (html === "") return "";
  return `<details><summary>${escaped(summary)}</summary>${html}</details>`;
}

/** Subjects, and how many of them have a variation. */
interface Split {
  readonly name: string;
  readonly subjects: number;
  readonly deviation: Deviation;
  readonly observed: number;
}

function splitOf(name: string, counts: Counts, variation: string, share: number): Split {
  const subjects = totalOf(counts);
  const n = counts.get(variation) ?? 0;
  const observed = subjects === 0 ? 0 : n / subjects;
  const { high, low } = wilsonInterval(n, subjects, 1 - LEVEL);
  return {
    name,
    subjects,
    observed,
    deviation: { difference: observed - share, low: low - share, high: high - share },
  };
}

function experimentSection(verdict: ExperimentVerdict): string {
  const { counts, days, differing, shares, test, values } = verdict;
  const remarks = remarksOf(verdict).map((remark, i) => (i === 0 ? remark : capitalized(remark)));
  const splits = [...new Set([...shares.keys(), ...counts.keys()])].map((variation) =>
    splitOf(variation, counts, variation, shares.get(variation) ?? 0),
  );
  const reach = reachOf(splits);
  const rows = splits.map((split) => {
    const cells = [
      escaped(split.name),
      count(counts.get(split.name) ?? 0),
      configuredText(shares, split.name),
      percent(split.observed),
      pointsCell(split.deviation),
      deviationBar(split.deviation, reach, toneOf(split.deviation)),
    ];
    return htmlRow(cells, VARIATIONS);
  });
  const of = test?.largest.variation ?? "";
  const named = [...days, ...values.map((it) => ({ ...it, name: `${it.attribute} = ${it.name}` }))];
  const allParts = partTable("Days and values", named, of, shares);
  return `<h2>${escaped(nameOf(verdict))}</h2>
${remarks.map((remark) => `<p>${escaped(remark)}</p>`).join("\n")}
${partTable("Parts that differ from the rest", differing, of, shares)}
${htmlTable({ caption: `Variations: difference from the configured share in percentage points, ${INTERVAL}`, head: VARIATIONS, rows: rows.join("") })}
${verdict.verdict === "mismatch" ? allParts : folded(`${count(named.length)} days and values`, allParts)}
`;
}

/** Returns a table of a variation's share in each part; empty without parts. */
function partTable(
  title: string,
  parts: readonly { readonly name: string; readonly counts: Counts; readonly pValue: number }[],
  variation: string,
  shares: ExperimentVerdict["shares"],
): string {
  if (parts.length === 0) return "";
  const share = shares.get(variation) ?? 0;
  const splits = parts.map((part) => splitOf(part.name, part.counts, variation, share));
  const reach = reachOf(splits);
  const rows = splits.map(({ deviation, name, observed, subjects }, i) => {
    const pValue = parts[i]?.pValue ?? 1;
    const text = pValueText(pValue);
    const isOff = pValue < LEVEL;
    return htmlRow(
      [
        escaped(name),
        count(subjects),
        percent(observed),
        pointsCell(deviation),
        deviationBar(deviation, reach, isOff ? "wrong" : "other"),
        isOff ? `<span class="bad">${text}</span>` : text,
      ],
      PARTS,
    );
  });
  const caption = `${title}: the share of ${variation}, configured ${percent(share)}, ${INTERVAL}`;
  return htmlTable({ caption, head: PARTS, rows: rows.join("") });
}

function pointsCell({ difference, high, low }: Deviation): string {
  return `${pointsText(difference)} (${pointsText(low)} to ${pointsText(high)})`;
}

function toneOf({ high, low }: Deviation): "wrong" | "other" {
  return low > 0 || high < 0 ? "wrong" : "other";
}

/** The largest deviation to draw. Parts with few subjects are ignored, because their intervals are far longer. */
function reachOf(splits: readonly Split[]): number {
  const sizes = splits.map(({ subjects }) => subjects).sort((a, b) => a - b);
  const usual = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const drawn = splits.filter(({ subjects }) => 2 * subjects >= usual);
  return Math.max(...drawn.map(({ deviation: { high, low } }) => Math.max(-low, high)), 1e-6);
}
