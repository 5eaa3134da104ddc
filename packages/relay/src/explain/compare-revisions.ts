import type { Configuration } from "@sortition/core";
import { compareFlag, type Explainer, type FlagChange } from "@sortition/core/dialect";
import { changeOf, keysOfBoth } from "@sortition/core/dialect-internal";
import { type ChangedPart, changedParts, changeLine } from "./change-words.js";
import { type Page, pageOf } from "./paging.js";

/** What became of a flag that is not the same. */
export type ChangeKind = Exclude<FlagChange, "same">;

/** A flag that changed, and by what. */
export interface ChangedFlag {
  readonly key: string;
  readonly change: ChangeKind;
  /** What changed in one line, see {@link changeLine}. */
  readonly summary: string;
  /** Before and after, part by part. Empty for a flag that is only in one of the two. */
  readonly changes: readonly ChangedPart[];
}

/** Flags of one change that are described when a relay records it. */
const MAX_DESCRIBED = 20;
/** Limits of their descriptions, because histories keep them in memory. */
const MAX_PARTS = 6;
const MAX_LENGTH = 300;

/** The flags that changed between two configurations, by their keys, in order. */
export function changedFlags(
  old: Configuration,
  now: Configuration,
  explainer: Explainer,
): ReadonlyMap<string, ChangeKind> {
  const changed = [...keysOfBoth(old, now, explainer)].sort().flatMap((key) => {
    const change = changeOf(key, old, now, explainer);
    return change === "same" ? [] : [[key, change] as const];
  });
  return new Map(changed);
}

/**
 * Compares two configurations, as `sortition diff` does.
 *
 * @param from - index of the first changed flag.
 */
export function compareRevisions(
  old: Configuration,
  now: Configuration,
  explainer: Explainer,
  from: number,
): Page<ChangedFlag> {
  const page = pageOf([...changedFlags(old, now, explainer)], from);
  const items = page.items.map(([key, change]) => changedFlag(key, change, old, now, explainer));
  return { ...page, items };
}

/** Describes the first changed flags, and shortens what is too long to keep. */
export function describeFirst(
  changes: ReadonlyMap<string, ChangeKind>,
  old: Configuration,
  now: Configuration,
  explainer: Explainer,
): readonly ChangedFlag[] {
  return [...changes].slice(0, MAX_DESCRIBED).map(([key, change]) => {
    const flag = changedFlag(key, change, old, now, explainer);
    const parts = flag.changes.slice(0, MAX_PARTS).map((it) => ({
      ...it,
      ...{ text: shortened(it.text), before: shortened(it.before), after: shortened(it.after) },
    }));
    return { ...flag, summary: shortened(flag.summary), changes: parts };
  });
}

function changedFlag(
  key: string,
  change: ChangeKind,
  old: Configuration,
  now: Configuration,
  explainer: Explainer,
): ChangedFlag {
  const comparison = compareFlag(key, old, now, explainer);
  return { key, change, summary: changeLine(comparison), changes: changedParts(comparison) };
}

function shortened(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1)}…`;
}
