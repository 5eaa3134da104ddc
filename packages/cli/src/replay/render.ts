import { type Paint, printable, shortTimeText } from "@sortition/core/dialect";
import { table } from "../text/table.js";
import { count } from "../text/values.js";
import { isWrong, KINDS, type Kind } from "./judgement.js";
import type { KindCounts, OutOfTime, Summary } from "./summary.js";

/** Widths of the columns: with their gaps 80 characters. */
const CAPS: readonly number[] = [36, 11, 29];
const HEAD = ["FLAG, DAY", "EXPOSURES", "JUDGED"];

/** Kinds for people. */
export const KIND_TEXTS: Readonly<Record<Kind, string>> = {
  right: "right",
  "wrong-variation": "wrong variation",
  "not-in-experiment": "not in the experiment",
  "no-such-flag": "no such flag",
  "wrong-model": "wrong model version",
  "wrong-action": "wrong action",
  "wrong-probability": "wrong probability",
  "another-revision": "another revision",
  "attributes-missing": "attributes missing",
  overridden: "overridden",
};

/** The summary by flag and day, for people. Ends with a line feed. */
export function renderSummary(summary: Summary, paint: Paint): string {
  const { days, total } = summary;
  const rows = days.flatMap(({ counts, day, flag }, i) => [
    ...(days[i - 1]?.flag === flag ? [] : [[flag, "", ""]]),
    ...countRows(`  ${day}`, counts),
  ]);
  const [head = "", ...body] = table([HEAD, ...rows, ...countRows("all", total)], CAPS);
  return `${[paint(printable(head), "dim"), ...[...body, ...factsOf(summary)].map((it) => printable(it))].join("\n")}\n`;
}

/** What concerns more than one exposure, in sentences without their ends. */
export function factsOf({ across }: Summary): readonly string[] {
  return [
    ...fact(across.duplicates, "exposures have the message id of an earlier one"),
    ...fact(across.twoVariationsByRevision, "subjects have two variations, each right in its time"),
    ...fact(across.twoVariations, "subjects have two variations of one experiment"),
    ...fact(across.outOfOrder, "exposures are older than the one before them"),
    ...outOfTimeFact(across.outOfTime),
  ];
}

function countRows(name: string, counts: KindCounts): string[][] {
  const all = [...counts.values()].reduce((sum, n) => sum + n, 0);
  const texts = KINDS.filter((kind) => counts.has(kind)).map((kind) => {
    return `${count(counts.get(kind) ?? 0)} ${KIND_TEXTS[kind]}`;
  });
  return texts.map((text, i) => (i === 0 ? [name, count(all), text] : ["", "", text]));
}

function fact(n: number, text: string): string[] {
  return n === 0 ? [] : [`${count(n)} ${text}`];
}

function outOfTimeFact({ count: n, span }: OutOfTime): string[] {
  if (span === null) return [];
  const [from, to] = [span.fromMs, span.toMs].map(shortTimeText);
  const times = from === to ? from : `${from} to ${to}`;
  return fact(n, `exposures are of a time that cannot be right: ${times}`);
}

/** How many of the counted exposures are wrong, and how many there are. */
export function wrongOf(counts: KindCounts): { readonly wrong: number; readonly all: number } {
  let [wrong, all] = [0, 0];
  for (const [kind, n] of counts) {
    all += n;
    if (isWrong(kind)) wrong += n;
  }
  return { wrong, all };
}
