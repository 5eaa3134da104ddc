import { shareText } from "@sortition/core/dialect-internal";
import { placeText } from "../rows/place.js";
import { count } from "../text/values.js";
import type { DifferingSubject } from "./difference-tally.js";
import type { Difference, PairReport, ShownExample, SplitReport } from "./pair-report.js";
import { unitsText } from "./unit-counts.js";

const MAX_LENGTH = 60;

/** How much a comparison of two dialects shows about subjects. */
export interface ShownSubjects {
  /** Whether the lines of subjects are listed. */
  readonly isListed: boolean;
  /** Whether keys and attributes of given subjects are shown. */
  readonly isNamed: boolean;
}

/** Notes on unusual examples, by their oddness. */
const ODD: readonly string[] = [
  "",
  "only if an attribute is missing",
  "only for values of another type or case",
];

function shortText(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`;
}

/** The flag's key in OLD, followed by its key in NEW if that differs. */
export function nameOf({ newKey, oldKey }: PairReport): string {
  return oldKey === newKey ? oldKey : `${oldKey} → ${newKey}`;
}

export function differText({ differ, reshuffled, source, total }: PairReport): string {
  const whose = source === "generated" ? "made-up subjects" : "subjects";
  const all = `${count(total)} ${whose}`;
  const inSplits = reshuffled === 0 ? "" : `${count(reshuffled)} change variation in a split`;
  if (differ > 0) {
    return `${count(differ)} of ${all} get different values${inSplits && `, and ${inSplits}`}`;
  }
  return inSplits === ""
    ? `none of ${all} gets a different value`
    : `rules give none of ${all} a different value, but ${inSplits}`;
}

/** Sentences about what a split does to its subjects, or to made-up keys. */
export function splitText(
  { count: all, kind, moved, units }: SplitReport,
  source: PairReport["source"],
): string {
  const whose = `${count(all)} ${source === "generated" ? "made-up keys" : "subjects"}`;
  switch (kind) {
    case "nobody-moves":
      return `The hashes agree: none of ${whose} would change variation.`;
    case "shares-agree":
      return `The shares agree, but ${count(moved)} of ${whose} would change variation. Finish running experiments first.`;
    case "units-differ":
      return `${units === null ? "" : unitsText(units)}. Their shares cannot be compared: ${count(moved)} of ${whose} would change variation.`;
    case "shares-differ":
      return `The shares differ: ${count(moved)} of ${whose} would change variation.`;
  }
}

/** The share of each value before and after. */
export function shareTexts({ shares }: SplitReport): readonly string[] {
  const all = shares.reduce((sum, it) => sum + it.old, 0);
  const part = (n: number): string => shareText(Math.round((n / all) * 1_000) / 1_000);
  return shares.map(({ now, old, value }) => `${shortText(value)} ${part(old)} → ${part(now)}`);
}

/** The allocations that decided in OLD and in NEW. */
export function pairText({ isEntry, now, old }: Difference): string {
  return isEntry ? `${old} → ${now}, a split on one side only` : `${old} → ${now}`;
}

/** The values that a group of subjects gets before and after. */
export function valueTexts({ values }: Difference): readonly string[] {
  return values.map(({ count: n, now, old }) => {
    return `${shortText(old)} → ${shortText(now)}  ${count(n)}`;
  });
}

/** The attributes of an example as JSON, or only their names if values are hidden. */
export function exampleText(
  { hasOwnKey, oddness, ownAttributes, subject }: ShownExample,
  showsSubjects: boolean,
): string {
  const attributes = Object.entries(subject.attributes).map(([name, value]) => {
    const isHidden = !showsSubjects && ownAttributes.includes(name);
    return `${JSON.stringify(name)}: ${isHidden ? "(hidden)" : JSON.stringify(value)}`;
  });
  const key = hasOwnKey
    ? `, subject ${showsSubjects ? JSON.stringify(subject.key) : "(hidden)"}`
    : "";
  const note = ODD[oddness] ?? "";
  return `{${attributes.join(", ")}}${key}${note === "" ? "" : ` (${note})`}`;
}

/** The lines of a group's first subjects. */
export function placesText(
  subjects: readonly DifferingSubject[],
  { isNamed }: ShownSubjects,
): string {
  const texts = subjects.map(({ place, subject }) => {
    return `${placeText(place)}${isNamed ? ` ${JSON.stringify(subject)}` : ""}`;
  });
  return texts.join(", ");
}
