import { wilsonInterval } from "@sortition/proof";
import { GLUE } from "../analysis/render-text.js";
import type { Cell, Column, Report, Section, Table } from "../analysis/report.js";
import { madeOnce } from "../made-once.js";
import { pValueEquation, pValueText } from "../text/p-value.js";
import { count, countText, variationText } from "../text/values.js";
import type { Rival } from "./cause.js";
import { type Counts, totalOf } from "./counts.js";
import type { SrmOptions } from "./options.js";
import { periodText } from "./periods.js";
import { detectableLoss } from "./power.js";
import { EXACT, LEVEL, type TestMethod, testSplit } from "./split-test.js";
import { MAX_VALUES } from "./tally.js";
import type { ExperimentVerdict, PartTest, PeriodVerdict } from "./verdict.js";
import { verdictJson } from "./verdict-json.js";

/** Widths add up to 80 characters with the gaps, or to 78 for tables of one experiment. */
const EXPERIMENTS: readonly Column[] = [
  { title: "Flag, allocation", width: 24 },
  { title: "Subjects", width: 11, isNumber: true },
  { title: "Configured, observed", width: 25 },
  { title: "p, verdict", width: 14 },
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
  { title: "Part", width: 30 },
  { title: "Subjects", width: 11, isNumber: true },
  { title: "Observed", width: 19 },
  { title: "Difference in points", isNumber: true },
  { title: "Deviation" },
  { title: "Corrected p", width: 12, isNumber: true },
];
const UNTESTED: readonly Column[] = [
  { title: "Experiment" },
  { title: "Subjects", isNumber: true },
];
const INTERVAL = `with its ${percent(1 - LEVEL)} confidence interval`;

const VERDICT_TEXTS: Readonly<Record<ExperimentVerdict["verdict"], string>> = {
  mismatch: "MISMATCH",
  none: "no mismatch",
  "too-few": "no verdict",
  unknown: "not tested",
};

const METHOD_TEXTS: Readonly<Record<TestMethod, string>> = {
  "chi-square": "chi-square",
  exact: "exact test",
  "always-valid": "always-valid",
  drawn: `${count(EXACT.draws)} draws`,
};

/** Maximum number of listed parts that differ from the rest. */
const MAX_LISTED = 10;
/** Maximum number of rivals of a cause, or of parts with a mismatch, in a sentence. */
const MAX_RIVALS = 3;
/** Below this p-value of all other subjects, a cause may not be the only one. */
const DOUBTFUL_P = 0.05;

/** Reports the verdicts, on the page mismatches first. */
export function srmReport(
  verdicts: readonly ExperimentVerdict[],
  {
    failsOnParts,
    isAlwaysValid,
    isDaily,
  }: Pick<SrmOptions, "failsOnParts" | "isAlwaysValid" | "isDaily">,
): Omit<Report, "about" | "unusable"> {
  const tested = verdicts.filter(({ test }) => test !== null);
  const sorted = [...verdicts].sort((a, b) => Number(isMismatch(b)) - Number(isMismatch(a)));
  const mismatches = verdicts.filter(isMismatch).length;
  const has = mismatches === 1 ? "has" : "have";
  const inParts = verdicts.filter(isOnlyInParts);
  const parts =
    inParts.length === 0
      ? ""
      : ` In ${countText(inParts.length, "more experiment")}, only parts have a mismatch.`;
  const partTexts = inParts.map((it) => `${nameOf(it)}: ${partsText(it).replaceAll(GLUE, " ")}`);
  const test = isAlwaysValid
    ? "The always-valid test decides, however often it is run"
    : "The always-valid test does not change this verdict";
  return {
    title: "Is the traffic split as configured?",
    answer: [
      `${count(mismatches)} of ${count(tested.length)} tested experiments ${has} a mismatch (p < ${LEVEL}).${parts} ${test}.`,
    ],
    sections: () => [
      {
        name: null,
        tables: [
          { ...verdictTable(sorted), only: "text" },
          // The page lists the others by reason.
          { ...verdictTable(sorted.filter(({ test }) => test !== null)), only: "page" },
          ...untestedTables(verdicts),
        ],
      },
      ...sorted.map((verdict) => sectionOf(verdict, isDaily)),
    ],
    json: verdicts.map(verdictJson),
    warnings: failsOnParts ? [] : partTexts,
    violations: failsOnParts ? partTexts : [],
    isProblem: mismatches > 0,
  };
}

function isMismatch({ verdict }: ExperimentVerdict): boolean {
  return verdict === "mismatch";
}

/** Whether parts have a mismatch, but the whole experiment has none. */
function isOnlyInParts({ parts, verdict }: ExperimentVerdict): boolean {
  return verdict === "none" && parts.length > 0;
}

function verdictTable(verdicts: readonly ExperimentVerdict[]): Table {
  return {
    caption: "Experiments, mismatches first",
    columns: EXPERIMENTS,
    rows: verdicts.map(verdictRow),
  };
}

function verdictRow(experiment: ExperimentVerdict): readonly Cell[] {
  const { allocation, counts, flag, periods, shares, subjects, test, verdict } = experiment;
  const splits = variationsOf(experiment).map((name) => {
    const observed = subjects === 0 ? 0 : (counts.get(name) ?? 0) / subjects;
    return `${variationText(name)} ${configuredText(shares, name)} → ${percent(observed)}`;
  });
  const p = test === null ? "" : pValueEquation(test.pValue);
  const text = VERDICT_TEXTS[verdict];
  const ends = [
    p,
    verdict === "mismatch" ? ({ text, style: "chip" } as const) : text,
    ...(isOnlyInParts(experiment) ? [{ text: "except parts", style: "bad" } as const] : []),
    ...(test === null ? [] : [METHOD_TEXTS[test.method]]),
  ];
  const names = [
    flag ?? `${experiment.experiment}`,
    ...(allocation === null ? [] : [`  ${allocation}`]),
    ...(periods.length === 0 ? [] : [`  ${countText(periods.length, "period")}`]),
  ];
  return [{ lines: names }, count(subjects), { lines: splits }, { lines: ends }];
}

function variationsOf({ counts, shares }: ExperimentVerdict): readonly string[] {
  return [...new Set([...shares.keys(), ...counts.keys()])];
}

function sectionOf(verdict: ExperimentVerdict, isDaily: boolean): Section {
  const { cause, days, differing, parts, periods, test, values } = verdict;
  const notes = remarksOf(verdict);
  // The page lists them by reason.
  if (test === null) return { name: nameOf(verdict), notes, only: "text" };
  const named = [...days, ...values.map((it) => ({ ...it, name: `${it.attribute} = ${it.name}` }))];
  const kinds = [...(days.length > 0 ? ["day"] : []), ...new Set(values.map((it) => it.attribute))];
  return {
    name: nameOf(verdict),
    notes,
    tables: [
      {
        ...partTable("parts that differ from the rest", differing, verdict),
        // A single cause is named in a sentence.
        ...(cause === null
          ? { textRows: MAX_LISTED, captionOnly: "page" }
          : cause.rivals.length > 0
            ? { textRows: MAX_LISTED }
            : { only: "page" }),
      },
      { ...variationTable(verdict), only: "page" },
      {
        ...partTable("periods", periods.flatMap(periodPart), verdict),
        ...(isDaily ? {} : { textRows: MAX_LISTED }),
      },
      {
        ...partTable("parts that are not split as configured", parts, verdict),
        only: "page",
      },
      {
        ...partTable(`by ${kinds.join(", ")}`, named, verdict),
        isFolded: !isMismatch(verdict) && parts.length === 0,
        ...(isDaily ? {} : { only: "page" }),
      },
    ],
  };
}

/** A period that was tested, as a part. */
function periodPart({ pValue, period, ...split }: PeriodVerdict): readonly PartTest[] {
  return pValue === null ? [] : [{ ...split, name: periodText(period), pValue }];
}

/** A table for each reason why experiments were not tested. */
function untestedTables(verdicts: readonly ExperimentVerdict[]): readonly Table[] {
  const byReason = new Map<string, ExperimentVerdict[]>();
  for (const verdict of verdicts) {
    const { problem } = verdict;
    if (problem !== null) madeOnce(byReason, problem, () => []).push(verdict);
  }
  return [...byReason].map(([reason, same]) => ({
    caption: `${countText(same.length, "experiment")} not tested: ${reason}`,
    columns: UNTESTED,
    rows: same.map((it) => [nameOf(it), count(it.subjects)]),
    only: "page",
    isFolded: true,
  }));
}

/** `p = 0.1`, without a line break. */
function equation(name: string, value: string): string {
  return [name, "=", value].join(GLUE);
}

/** Remarks on an experiment, in addition to its row in the table. */
function remarksOf(experiment: ExperimentVerdict): readonly string[] {
  const { certainSince, isCertain, periods, pooled } = experiment;
  const { problem, test, unknownVariations, verdict } = experiment;
  if (problem !== null) return [`${VERDICT_TEXTS[verdict]}: ${problem}`];
  const always =
    certainSince !== null
      ? [`the always-valid test has reported a mismatch since ${certainSince}`]
      : isCertain
        ? ["the always-valid test reports a mismatch"]
        : verdict === "mismatch"
          ? ["the always-valid test does not report a mismatch"]
          : [];
  const tooMany = [
    ...periods.flatMap((it) =>
      it.problem === null ? [] : [`not tested: ${periodText(it.period)}: ${it.problem}`],
    ),
    ...[...unknownVariations].map(([name, n]) => {
      const why = "which the flag does not have, or gives to nobody";
      return `left out: ${countText(n, "subject")} with the variation ${variationText(name)}, ${why}`;
    }),
    ...pooled.map(
      ({ attribute, values }) =>
        `${attribute} has ${count(values)} values; all but the ${MAX_VALUES - 1} most frequent are tested together`,
    ),
  ];
  if (test === null) return tooMany;
  if (isOnlyInParts(experiment))
    return [partsText(experiment), PARTS_ADVICE, ...always, ...tooMany];
  if (verdict === "none" && always.length === 0) return [...powerTexts(experiment), ...tooMany];
  const lacking = variationsOf(experiment).filter((it) => {
    return (experiment.shares.get(it) ?? 0) > 0 && (experiment.counts.get(it) ?? 0) === 0;
  });
  const unseen =
    lacking.length === 0
      ? []
      : [`no subject has ${lacking.map(variationText).join(", ")}: was it logged and exported?`];
  const { difference, variation } = test.largest;
  const points = Math.abs(100 * difference).toFixed(2);
  const side = difference < 0 ? "below" : "above";
  const off =
    test.effect === null
      ? unsharedText(experiment)
      : `${variationText(variation)} is ${points} points ${side} its configured share, ${equation("w", test.effect.toFixed(4))}`;
  const cause =
    verdict === "mismatch" ? [...causeTexts(experiment), ...sampledTexts(experiment)] : [];
  return [off, ...unseen, ...always, ...tooMany, ...cause];
}

const PARTS_ADVICE =
  "exclude these subjects, or find out why they are assigned differently or lost. An attribute that the treatment itself changes is also listed here";

const HISTORY_ADVICE =
  "if an earlier configuration split them differently, pass all configurations with --history FOLDER";

/** Names the parts that have a mismatch although the whole has none. */
function partsText({ parts }: ExperimentVerdict): string {
  const texts = parts.slice(0, MAX_RIVALS).map(({ counts, name, pValue, shares }) => {
    const { variation } = testSplit(counts, shares).largest;
    const subjects = `${count(counts.get(variation) ?? 0)} of ${count(totalOf(counts))}`;
    return `${name}: ${subjects} got ${variationText(variation)}, ${pValueEquation(pValue).replaceAll(" ", GLUE)}`;
  });
  const more = parts.length - texts.length;
  const others = more === 0 ? "" : `; and ${countText(more, "more part")}`;
  return `no overall mismatch, but ${texts.join("; ")}${others}`;
}

/** Half of the level takes as much power from a test as 8% of the subjects. */
const POOLED_SIZE = 0.92;

/** What a test without a mismatch would have detected. */
function powerTexts({ periods, shares, subjects, test }: ExperimentVerdict): readonly string[] {
  if (test?.method === "always-valid") return [];
  const loss = detectableLoss(shares, periods.length > 1 ? POOLED_SIZE * subjects : subjects);
  if (loss === null) return [];
  const rounded = Math.ceil(loss * 1_000) / 1_000;
  return [`the test would have detected a loss of ${percent(rounded)} of any variation's subjects`];
}

/** Names the variations that have subjects although their share is 0. */
function unsharedText({ counts, shares }: ExperimentVerdict): string {
  const texts = [...counts].flatMap(([key, n]) =>
    n === 0 || (shares.get(key) ?? 0) > 0
      ? []
      : [`${variationText(key)} has ${countText(n, "subject")}`],
  );
  return `${texts.join(", ")}, although ${texts.length === 1 ? "its share is" : "their shares are"} 0%`;
}

/** From this ratio of rows per subject, one variation may log more often than the others. */
const MORE_ROWS = 1.05;

/** Suggests that rows were sampled instead of subjects, if the variation with too many subjects has more rows for each. */
function sampledTexts({ counts, rowsPerSubject, shares }: ExperimentVerdict): string[] {
  const excess = (it: string): number => (counts.get(it) ?? 0) / (shares.get(it) ?? 0);
  const arms = [...rowsPerSubject].sort(([a], [b]) => excess(b) - excess(a));
  const [[most, more] = ["", 0], [least, fewer] = ["", 0]] = [arms[0], arms.at(-1)];
  if (fewer <= 1 || more < MORE_ROWS * fewer) return [];
  const [a, b] = [more, fewer].map((it) => it.toFixed(2));
  return [
    `subjects with ${variationText(most)} have ${a} rows on average, and those with ${variationText(least)} ${b}. If the table is a sample of rows, sample subjects instead, because subjects with more rows are more likely to be in it`,
  ];
}

/** The flag and the allocation, or the experiment if it does not belong to a single flag. */
function nameOf({ allocation, experiment, flag }: ExperimentVerdict): string {
  const name = flag ?? `${experiment}`;
  return allocation === null ? name : `${name}, ${allocation}`;
}

function causeTexts({ cause, compared, differing }: ExperimentVerdict): readonly string[] {
  if (cause !== null) {
    const { kind, name, restPValue, rivals, subjects } = cause;
    const rest = pValueEquation(restPValue).replaceAll(" ", GLUE);
    const doubt = restPValue < DOUBTFUL_P ? ", so there may be others" : "";
    const named = `most likely cause: ${name}. Without these ${count(subjects)} subjects, ${rest}${doubt}`;
    const history = kind === "revision" ? [HISTORY_ADVICE] : [];
    return [named, ...history, ...(rivals.length === 0 ? [] : [rivalsText(rivals)])];
  }
  if (differing.length > 0) return ["parts differ, but none alone explains the mismatch:"];
  return [
    compared === 0
      ? "there are no parts to compare; add --by to compare the values of attributes"
      : "no tested part differs measurably from the rest",
  ];
}

function rivalsText(rivals: readonly Rival[]): string {
  const texts = rivals
    .slice(0, MAX_RIVALS)
    .map(({ name, shared, subjects }) => `${name} (${percent(shared / subjects)} of it overlaps)`);
  const more = rivals.length - texts.length;
  const others = more === 0 ? "" : `, and ${count(more)} more`;
  return `also possible: ${texts.join(", ")}${others}`;
}

/** Subjects, and how many of them have a variation. */
interface Split {
  readonly subjects: number;
  readonly observed: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

function splitOf(counts: Counts, variation: string, share: number): Split {
  const subjects = totalOf(counts);
  const n = counts.get(variation) ?? 0;
  const observed = subjects === 0 ? 0 : n / subjects;
  const { high, low } = wilsonInterval(n, subjects, 1 - LEVEL);
  return { subjects, observed, difference: observed - share, low: low - share, high: high - share };
}

function variationTable(verdict: ExperimentVerdict): Table {
  const { counts, shares } = verdict;
  const variations = variationsOf(verdict);
  const splits = variations.map((name) => splitOf(counts, name, shares.get(name) ?? 0));
  const reach = reachOf(splits);
  const rows = splits.map((split, i) => {
    const name = variations[i] ?? "";
    const isBad = split.low > 0 || split.high < 0;
    return [
      name,
      count(counts.get(name) ?? 0),
      configuredText(shares, name),
      percent(split.observed),
      pointsText(split),
      { deviation: split, reach, isBad },
    ];
  });
  const caption = `Variations: difference from the configured share in percentage points, ${INTERVAL}`;
  return { caption, columns: VARIATIONS, rows };
}

/** The variations of each part, and the difference of the one that differs most in all subjects. */
function partTable(
  title: string,
  parts: readonly PartTest[],
  { periods, shares, test }: ExperimentVerdict,
): Table {
  const variation = test?.largest.variation ?? "";
  const splits = parts.map((part) => {
    return splitOf(part.counts, variation, part.shares.get(variation) ?? 0);
  });
  const reach = reachOf(splits);
  const rows = parts.map(({ counts, name, pValue }, i): readonly Cell[] => {
    const split = splits[i] as Split; // one for each part
    const observed = [...shares.keys()].map((key) => {
      return `${key} ${percent((counts.get(key) ?? 0) / split.subjects)}`;
    });
    const isBad = pValue < LEVEL;
    return [
      name,
      count(split.subjects),
      observed.join(", "),
      pointsText(split),
      { deviation: split, reach, isBad },
      isBad ? { lines: [{ text: pValueText(pValue), style: "bad" }] } : pValueText(pValue),
    ];
  });
  const configured = percent(shares.get(variation) ?? 0);
  const average = periods.length > 1 ? " on average" : "";
  const detail = `: the share of ${variation}, configured ${configured}${average}, ${INTERVAL}`;
  return { caption: title, detail, columns: PARTS, rows };
}

/** A difference of shares in percentage points, with its interval. */
function pointsText({ difference, high, low }: Split): string {
  const [at, from, to] = [difference, low, high].map((it) => {
    return `${it > 0 ? "+" : ""}${(100 * it).toFixed(2)}`;
  });
  return `${at} (${from} to ${to})`;
}

/** The largest deviation to draw. Parts with few subjects are ignored, because their intervals are far longer. */
function reachOf(splits: readonly Split[]): number {
  const sizes = splits.map(({ subjects }) => subjects).sort((a, b) => a - b);
  const usual = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const drawn = splits.filter(({ subjects }) => 2 * subjects >= usual);
  return Math.max(...drawn.map(({ high, low }) => Math.max(-low, high)), 1e-6);
}

/** The configured share of a variation, or `–` if it is unknown. */
function configuredText(shares: ExperimentVerdict["shares"], variation: string): string {
  return shares.size === 0 ? "–" : percent(shares.get(variation) ?? 0);
}

/** A share as tables show it. */
function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))}%`;
}
