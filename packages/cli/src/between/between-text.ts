import { shareText } from "@sortition/core/dialect";
import { placeText } from "../rows/place.js";
import { count } from "../text/values.js";
import type { DifferingSubject } from "./difference-tally.js";
import type { Difference, PairReport, ShownExample, SplitReport } from "./pair-report.js";

const MAX_LENGTH = 60;

/** What a comparison of two dialects shows of subjects. */
export interface ShownSubjects {
  /** Whether lines are listed. */
  readonly isListed: boolean;
  /** Whether keys and attributes of given subjects are shown. */
  readonly isNamed: boolean;
}

/** Notes on examples that are unusual. */
const ODD: readonly string[] = [
  "",
  "only if an attribute is missing",
  "only for values of another type or case",
];

/** A canonical text, shortened. */
function shortText(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`;
}

/** The name of a flag in OLD, and in NEW if it has another one. */
export function nameOf({ newKey, oldKey }: PairReport): string {
  return oldKey === newKey ? oldKey : `${oldKey} → ${newKey}`;
}

/** How many subjects differ. */
export function differText({ differ, source, total }: PairReport): string {
  const whose = source === "generated" ? "made-up subjects" : "subjects";
  if (differ === 0) return `none of ${count(total)} ${whose} differs`;
  return `${count(differ)} of ${count(total)} ${whose} differ`;
}

/** What a split does to its subjects, in sentences. */
export function splitText({ count: all, kind, moved }: SplitReport): string {
  switch (kind) {
    case "nobody-moves":
      return `The hashes agree: none of ${count(all)} subjects would change their variation.`;
    case "shares-agree":
      return `The shares agree, but ${count(moved)} of ${count(all)} subjects would change their variation. Finish running experiments first.`;
    case "shares-differ":
      return `The shares differ: ${count(moved)} of ${count(all)} subjects would change their variation.`;
  }
}

/** The shares of a split before and after, of each value. */
export function shareTexts({ count: all, shares }: SplitReport): readonly string[] {
  const part = (n: number): string => shareText(Math.round((n / all) * 1_000) / 1_000);
  return shares.map(({ now, old, value }) => `${shortText(value)} ${part(old)} → ${part(now)}`);
}

/** What decided in OLD and in NEW. */
export function pairText({ isEntry, now, old }: Difference): string {
  return isEntry ? `${old} → ${now}, a split on one side only` : `${old} → ${now}`;
}

/** The values of a group of subjects before and after. */
export function valueTexts({ values }: Difference): readonly string[] {
  return values.map(({ count: n, now, old }) => {
    return `${shortText(old)} → ${shortText(now)}  ${count(n)}`;
  });
}

/** The smallest subject of a group: its attributes as JSON, or their names if the values may not be shown. */
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

/** Where the first subjects of a group are. */
export function placesText(
  subjects: readonly DifferingSubject[],
  { isNamed }: ShownSubjects,
): string {
  const texts = subjects.map(({ place, subject }) => {
    return `${placeText(place)}${isNamed ? ` ${JSON.stringify(subject)}` : ""}`;
  });
  return texts.join(", ");
}
