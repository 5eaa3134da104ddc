import type { Configuration } from "@sortition/core";
import {
  changeOf,
  compareFlag,
  type Explainer,
  type FlagChange,
  keysOfBoth,
} from "@sortition/core/dialect";
import { type Page, pageOf } from "./paging.js";

/** What became of a flag that is not the same. */
export type ChangeKind = Exclude<FlagChange, "same">;

/** A flag that changed, and by what. */
export interface ChangedFlag {
  readonly key: string;
  readonly change: ChangeKind;
  /** Before and after, part by part. Empty for a flag that is only in one of the two. */
  readonly changes: readonly {
    readonly aspect: string;
    /** `null`: of the whole flag. */
    readonly allocation: string | null;
    readonly text: string;
  }[];
}

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
  const items = page.items.map(([key, change]): ChangedFlag => {
    const { changes } = compareFlag(key, old, now, explainer);
    return {
      key,
      change,
      changes: changes.map(({ allocation, aspect, text }) => ({ aspect, allocation, text })),
    };
  });
  return { ...page, items };
}
