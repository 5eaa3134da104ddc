import { aboutOf, type PageSource } from "../html/about.js";
import { type BarPart, bar } from "../html/bar.js";
import { escaped } from "../html/escaped.js";
import { fitting, leftText, renderPage } from "../html/page.js";
import { type Column, htmlRow, htmlTable } from "../html/table.js";
import { count } from "../text/values.js";
import { isWrong, KINDS, type Kind } from "./judgement.js";
import { factsOf, KIND_TEXTS, wrongOf } from "./render.js";
import type { KindCounts, Summary } from "./summary.js";

const DAYS: readonly Column[] = [
  { title: "Flag, day" },
  { title: "Exposures", isNumber: true },
  { title: "Share" },
  { title: "Judged" },
];

/** The page of a replay. */
export function replayPage(
  summary: Summary,
  {
    facts,
    listed,
    source,
  }: { readonly facts: readonly string[]; readonly listed: string; readonly source: PageSource },
): string {
  const { days, total } = summary;
  const { all, wrong } = wrongOf(total);
  const rows = fitting(
    days.map(({ counts, day, flag }) => countRow(`${escaped(flag)}, <time>${day}</time>`, counts)),
  );
  return renderPage({
    title: "Was every exposure right?",
    facts: [
      `${count(wrong)} of ${count(all)} exposures are wrong.`,
      ...facts,
      ...factsOf(summary).map((fact) => `${fact}.`),
    ],
    about: aboutOf(source),
    sections: [
      htmlTable({ caption: "All exposures", head: DAYS, rows: countRow("all", total) }),
      htmlTable({ caption: "By flag and day, in UTC", head: DAYS, rows: rows.html }),
      leftText(rows.left, "row"),
      listed === "" ? "" : `<h2>The first wrong ones</h2>\n<pre>${escapedLines(listed)}</pre>`,
    ],
  });
}

function countRow(title: string, counts: KindCounts): string {
  const { all } = wrongOf(counts);
  const kinds = KINDS.filter((kind) => counts.has(kind));
  const parts = kinds.map((kind): BarPart => {
    return { share: (counts.get(kind) ?? 0) / all, tone: toneOf(kind) };
  });
  const texts = kinds.map((kind) => {
    const text = `${count(counts.get(kind) ?? 0)} ${KIND_TEXTS[kind]}`;
    return isWrong(kind) ? `<span class="bad">${text}</span>` : text;
  });
  return htmlRow([title, count(all), bar(parts), texts.join(", ")], DAYS);
}

function toneOf(kind: Kind): BarPart["tone"] {
  if (kind === "right") return "right";
  return isWrong(kind) ? "wrong" : "other";
}

function escapedLines(text: string): string {
  return text.split("\n").map(escaped).join("\n");
}
