import { shareText, shortTimeText } from "@sortition/core/dialect-internal";
import type { Cell, Column, Line, Report, Table } from "../analysis/report.js";
import { count, countText } from "../text/values.js";
import { isWrong, KINDS, type Kind } from "./judgement.js";
import type { DayCounts, KindCounts, OutOfTime, Summary } from "./summary.js";
import type { UnresolvedFlag } from "./unresolved-flags.js";
import { type Verdict, verdictOf } from "./verdict.js";

/** Widths add up to 80 characters with the gaps. */
const DAYS: readonly Column[] = [
  { title: "Flag, day", width: 36 },
  { title: "Exposures", width: 11, isNumber: true },
  { title: "Share" },
  { title: "Result", width: 29 },
];
const RIGHT: readonly Column[] = [
  { title: "Flag" },
  { title: "Days", isNumber: true },
  { title: "Exposures", isNumber: true },
];

export const KIND_TEXTS: Readonly<Record<Kind, string>> = {
  right: "right",
  "wrong-variation": "wrong variation",
  "not-in-experiment": "not in the experiment",
  "no-such-flag": "unknown flag",
  "wrong-model": "wrong model version",
  "wrong-action": "wrong action",
  "wrong-probability": "wrong probability",
  "another-revision": "right for another revision",
  "attributes-missing": "attributes missing",
  unresolved: "cannot be evaluated",
  overridden: "overridden",
};

export function replayReport(
  summary: Summary,
  unresolved: readonly UnresolvedFlag[],
  listed: string,
): Pick<Report, "title" | "answer" | "sections" | "json"> {
  const { days, total } = summary;
  const remarkable = days.filter(
    ({ counts }) => (counts.get("right") ?? 0) < verdictOf(counts).all,
  );
  const isRemarkable = new Set(remarkable);
  const totalRow = countRow("all", total, 1);
  const facts = factsOf(summary);
  return {
    title: "Are the logged exposures right?",
    answer: [answerOf(verdictOf(total)), ...facts.map((fact) => `${fact}.`)],
    sections: () => [
      {
        name: null,
        tables: [
          { caption: "All exposures", columns: DAYS, rows: [totalRow], only: "page" },
          { ...dayTable(remarkable), only: "page" },
          { ...rightTable(days.filter((day) => !isRemarkable.has(day))), only: "page" },
          // The text has the facts below the table.
          {
            caption: "Exposures",
            columns: DAYS,
            rows: [...textRows(days), totalRow],
            only: "text",
          },
        ],
      },
      { name: null, notes: facts, only: "text" },
      { name: "First wrong exposures", lines: listed, only: "page" },
    ],
    json: [
      ...days.map(({ counts, day, flag }) => ({ flag, day, counts: counted(counts) })),
      totalJson(summary, unresolved),
    ],
  };
}

function answerOf({ all, known, unknown, wrong }: Verdict): string {
  const are = wrong === 1 ? "is" : "are";
  if (unknown === 0) return `${count(wrong)} of ${count(all)} exposures ${are} wrong.`;
  return `${count(wrong)} of ${count(known)} exposures of known flags ${are} wrong. ${countText(unknown, "exposure")} ${unknown === 1 ? "is" : "are"} of unknown flags.`;
}

function totalJson({ across, total }: Summary, unresolved: readonly UnresolvedFlag[]): object {
  const { span } = across.outOfTime;
  const isoTime = (ms: number): string => new Date(ms).toISOString();
  return {
    total: counted(total),
    ...across,
    outOfTime: across.outOfTime.count,
    unresolved,
    outOfTimeSpan: span === null ? null : { from: isoTime(span.fromMs), to: isoTime(span.toMs) },
  };
}

function counted(counts: KindCounts): object {
  return Object.fromEntries(KINDS.map((kind) => [kind, counts.get(kind) ?? 0]));
}

/** A line with the flag before its days. */
function textRows(days: readonly DayCounts[]): readonly (readonly Cell[])[] {
  return days.flatMap(({ counts, day, flag }, i) => [
    ...(days[i - 1]?.flag === flag ? [] : [[flag, "", "", ""]]),
    countRow(`  ${day}`, counts, 1),
  ]);
}

function dayTable(days: readonly DayCounts[]): Table {
  const reach = reachOf(days);
  const scale = `a full bar means ${shareText(Number(reach.toPrecision(2)))} of the exposures`;
  return {
    caption: `Exposures that are not right, by flag and day (UTC); ${scale}${reach < 1 ? " or more" : ""}`,
    columns: DAYS,
    rows: days.map(({ counts, day, flag }) =>
      countRow([`${flag}, `, { text: day, style: "time" }], counts, reach, isNotRight),
    ),
  };
}

/** Summarizes the days on which all exposures are right, by flag. */
function rightTable(days: readonly DayCounts[]): Table {
  const byFlag = new Map<string, { days: number; exposures: number }>();
  for (const { counts, flag } of days) {
    const known = byFlag.get(flag) ?? { days: 0, exposures: 0 };
    const exposures = known.exposures + verdictOf(counts).all;
    byFlag.set(flag, { days: known.days + 1, exposures });
  }
  return {
    caption: `Flags and days on which all exposures are right: ${count(days.length)}`,
    columns: RIGHT,
    rows: [...byFlag].map(([flag, it]) => [flag, count(it.days), count(it.exposures)]),
    isFolded: true,
  };
}

function isNotRight(kind: Kind): boolean {
  return kind !== "right";
}

/**
 * @param reach - the fraction of the exposures that fills the bar.
 * @param isDrawn - whether the bar shows exposures of a kind. Default: all.
 */
function countRow(
  name: Line,
  counts: KindCounts,
  reach: number,
  isDrawn: (kind: Kind) => boolean = () => true,
): readonly Cell[] {
  const { all } = verdictOf(counts);
  const kinds = KINDS.filter((kind) => counts.has(kind));
  const parts = kinds.filter(isDrawn).map((kind) => {
    return { share: (counts.get(kind) ?? 0) / all / reach, tone: toneOf(kind) };
  });
  const lines = kinds.map((kind) => {
    const text = `${count(counts.get(kind) ?? 0)} ${KIND_TEXTS[kind]}`;
    return isWrong(kind) ? ({ text, style: "bad" } as const) : text;
  });
  return [{ lines: [name] }, count(all), { bar: parts }, { lines }];
}

/** The fraction of exposures that are wrong or could not be judged. */
function notRightShare(counts: KindCounts): number {
  const { all } = verdictOf(counts);
  return all === 0 ? 0 : 1 - (counts.get("right") ?? 0) / all;
}

/**
 * The largest fraction to draw. Unknown flags and days with few exposures may be entirely wrong, so their bars are cut off.
 * Otherwise all other bars would be too short to see.
 */
function reachOf(days: readonly DayCounts[]): number {
  const known = days.filter(({ counts }) => !counts.has("no-such-flag"));
  const sizes = known.map(({ counts }) => verdictOf(counts).all).sort((a, b) => a - b);
  const usual = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const drawn = known.filter(({ counts }) => 2 * verdictOf(counts).all >= usual);
  const shares = (drawn.length > 0 ? drawn : days).map(({ counts }) => notRightShare(counts));
  return Math.max(0, ...shares);
}

function toneOf(kind: Kind): "right" | "wrong" | "other" {
  if (kind === "right") return "right";
  return isWrong(kind) ? "wrong" : "other";
}

/** Duplicates and other findings about several exposures, as sentences without a full stop. */
function factsOf({ across, publishedMs }: Summary): readonly string[] {
  return [
    ...fact(across.duplicates, "exposure has", "the message id of an earlier one"),
    ...fact(
      across.twoVariationsByRevision,
      "subject has",
      "two variations, each right at its time",
    ),
    ...fact(across.twoVariations, "subject has", "two variations of one experiment"),
    ...fact(across.outOfOrder, "exposure is", "older than the previous one"),
    ...outOfTimeFact(across.outOfTime),
    ...olderFact(across.olderThanConfiguration, publishedMs),
  ];
}

const PLURALS = {
  "exposure has": "exposures have",
  "exposure is": "exposures are",
  "subject has": "subjects have",
};

function fact(n: number, one: keyof typeof PLURALS, text: string): string[] {
  return n === 0 ? [] : [`${count(n)} ${n === 1 ? one : PLURALS[one]} ${text}`];
}

function olderFact(n: number, publishedMs: number | null): string[] {
  if (publishedMs === null) return [];
  const published = `the configuration, which was published ${shortTimeText(publishedMs)}`;
  return fact(
    n,
    "exposure is",
    `older than ${published}. Use --history to check with earlier ones`,
  );
}

function outOfTimeFact({ count: n, span }: OutOfTime): string[] {
  if (span === null) return [];
  const [from, to] = [span.fromMs, span.toMs].map(shortTimeText);
  const times = from === to ? from : `${from} to ${to}`;
  return fact(n, "exposure is", `outside the valid time range: ${times}`);
}
