import { shareText } from "@sortition/core/dialect";
import { aboutOf, type PageSource } from "../html/about.js";
import { type BarPart, bar } from "../html/bar.js";
import { escaped } from "../html/escaped.js";
import { fitting, leftText, renderPage } from "../html/page.js";
import { type Column, htmlRow, htmlTable } from "../html/table.js";
import { count, countText } from "../text/values.js";
import { isWrong, KINDS, type Kind } from "./judgement.js";
import { factsOf, KIND_TEXTS } from "./render.js";
import type { DayCounts, KindCounts, Summary } from "./summary.js";
import { verdictOf } from "./verdict.js";

const DAYS: readonly Column[] = [
  { title: "Flag, day" },
  { title: "Exposures", isNumber: true },
  { title: "Share" },
  { title: "Result" },
];

export function replayPage(
  summary: Summary,
  {
    facts,
    listed,
    source,
  }: { readonly facts: readonly string[]; readonly listed: string; readonly source: PageSource },
): string {
  const { days, total } = summary;
  const { all, wrong } = verdictOf(total);
  const remarkable = days.filter(
    ({ counts }) => (counts.get("right") ?? 0) < verdictOf(counts).all,
  );
  const reach = reachOf(remarkable);
  const rows = fitting(remarkable.map((day) => dayRow(day, reach)));
  return renderPage({
    title: "Are the logged exposures right?",
    facts: [
      `${count(wrong)} of ${count(all)} exposures ${wrong === 1 ? "is" : "are"} wrong.`,
      ...facts,
      ...factsOf(summary).map((fact) => `${fact}.`),
    ],
    about: aboutOf(source),
    sections: [
      htmlTable({ caption: "All exposures", head: DAYS, rows: totalRow(total) }),
      remarkable.length === 0
        ? ""
        : htmlTable({ caption: captionOf(reach), head: DAYS, rows: rows.html }),
      leftText(rows.left, "row"),
      rightText(days.filter((day) => !remarkable.includes(day))),
      listed === "" ? "" : `<h2>First wrong exposures</h2>\n<pre>${escapedLines(listed)}</pre>`,
    ],
  });
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

function captionOf(reach: number): string {
  const scale = `a full bar means ${shareText(Number(reach.toPrecision(2)))} of the exposures`;
  return `Exposures that are not right, by flag and day (UTC); ${scale}${reach < 1 ? " or more" : ""}`;
}

/** Summarizes the days on which all exposures are right, one line for each flag. */
function rightText(days: readonly DayCounts[]): string {
  if (days.length === 0) return "";
  const byFlag = new Map<string, { days: number; exposures: number }>();
  for (const { counts, flag } of days) {
    const known = byFlag.get(flag) ?? { days: 0, exposures: 0 };
    const exposures = known.exposures + verdictOf(counts).all;
    byFlag.set(flag, { days: known.days + 1, exposures });
  }
  const lines = [...byFlag].map(([flag, it]) => {
    return `<p>${escaped(flag)}: ${countText(it.days, "day")}, ${countText(it.exposures, "exposure")}</p>`;
  });
  const folded = fitting(lines);
  const title = `Flags and days on which all exposures are right: ${count(days.length)}`;
  return `<details><summary>${title}</summary>${folded.html}${leftText(folded.left, "flag")}</details>`;
}

/** @param reach - the fraction of the exposures that fills the bar. */
function dayRow({ counts, day, flag }: DayCounts, reach: number): string {
  const title = `${escaped(flag)}, <time>${day}</time>`;
  return countRow(title, counts, barOf(counts, reach, isNotRight));
}

function totalRow(counts: KindCounts): string {
  return countRow(
    "all",
    counts,
    barOf(counts, 1, () => true),
  );
}

function isNotRight(kind: Kind): boolean {
  return kind !== "right";
}

function barOf(counts: KindCounts, reach: number, isDrawn: (kind: Kind) => boolean): string {
  const { all } = verdictOf(counts);
  const kinds = KINDS.filter((kind) => counts.has(kind) && isDrawn(kind));
  return bar(
    kinds.map((kind): BarPart => {
      return { share: (counts.get(kind) ?? 0) / all / reach, tone: toneOf(kind) };
    }),
  );
}

function countRow(title: string, counts: KindCounts, drawn: string): string {
  const kinds = KINDS.filter((kind) => counts.has(kind));
  const texts = kinds.map((kind) => {
    const text = `${count(counts.get(kind) ?? 0)} ${KIND_TEXTS[kind]}`;
    return isWrong(kind) ? `<span class="bad">${text}</span>` : text;
  });
  return htmlRow([title, count(verdictOf(counts).all), drawn, texts.join(", ")], DAYS);
}

function toneOf(kind: Kind): BarPart["tone"] {
  if (kind === "right") return "right";
  return isWrong(kind) ? "wrong" : "other";
}

function escapedLines(text: string): string {
  return text.split("\n").map(escaped).join("\n");
}
