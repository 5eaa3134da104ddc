import { type Paint, printable, shortTimeText } from "@sortition/core/dialect";
import { table } from "../text/table.js";
import { count } from "../text/values.js";
import { KINDS, type Kind } from "./judgement.js";
import type { KindCounts, OutOfTime, Summary } from "./summary.js";

/** Widths of the columns. With the gaps, they add up to 80 characters. */
const CAPS: readonly number[] = [36, 11, 29];
const HEAD = ["FLAG, DAY", "EXPOSURES", "RESULT"];

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
  unresolved: "configuration lacks data",
  overridden: "overridden",
};

/** Renders the summary by flag and day as text that ends with a line feed. */
export function renderSummary(summary: Summary, paint: Paint): string {
  const { days, total } = summary;
  const rows = days.flatMap(({ counts, day, flag }, i) => [
    ...(days[i - 1]?.flag === flag ? [] : [[flag, "", ""]]),
    ...countRows(`  ${day}`, counts),
  ]);
  const [head = "", ...body] = table([HEAD, ...rows, ...countRows("all", total)], CAPS);
  return `${[paint(printable(head), "dim"), ...[...body, ...factsOf(summary)].map((it) => printable(it))].join("\n")}\n`;
}

/** Duplicates and other findings about several exposures, as sentences without a full stop. */
export function factsOf({ across }: Summary): readonly string[] {
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
  ];
}

function countRows(name: string, counts: KindCounts): string[][] {
  const all = [...counts.values()].reduce((sum, n) => sum + n, 0);
  const texts = KINDS.filter((kind) => counts.has(kind)).map((kind) => {
    return `${count(counts.get(kind) ?? 0)} ${KIND_TEXTS[kind]}`;
  });
  return texts.map((text, i) => (i === 0 ? [name, count(all), text] : ["", "", text]));
}

const PLURALS = {
  "exposure has": "exposures have",
  "exposure is": "exposures are",
  "subject has": "subjects have",
};

function fact(n: number, one: keyof typeof PLURALS, text: string): string[] {
  return n === 0 ? [] : [`${count(n)} ${n === 1 ? one : PLURALS[one]} ${text}`];
}

function outOfTimeFact({ count: n, span }: OutOfTime): string[] {
  if (span === null) return [];
  const [from, to] = [span.fromMs, span.toMs].map(shortTimeText);
  const times = from === to ? from : `${from} to ${to}`;
  return fact(n, "exposure is", `outside the valid time range: ${times}`);
}
