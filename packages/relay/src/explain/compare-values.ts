import type { FlagValues, SubjectFlag } from "./explain-subject.js";
import { type Page, pageOf } from "./paging.js";

/** A flag on both sides of a comparison. */
export interface ComparedFlag {
  readonly key: string;
  readonly differs: boolean;
  /** `null`: this side has no such flag. */
  readonly here: SubjectFlag | null;
  readonly there: SubjectFlag | null;
}

/** Part of a comparison. Flags with different values come first. */
export interface Comparison<Item = ComparedFlag> extends Page<Item> {
  /** Number of flags with different values. */
  readonly differing: number;
  /** Number of all requested flags, of which the first `total` are compared. */
  readonly requested: number;
}

/**
 * Orders the flags of both sides: first the flags with different values, then the rest, each by key.
 *
 * @param from - index of the first flag.
 */
export function compareValues(
  here: FlagValues,
  there: FlagValues,
  from: number,
): Comparison<string> {
  const last = [here, there].flatMap(lastIfCut).sort()[0];
  const keys = [...new Set([...here.values.keys(), ...there.values.keys()])]
    .filter((it) => last === undefined || it <= last)
    .sort();
  const differs = (key: string): boolean => here.values.get(key) !== there.values.get(key);
  const differing = keys.filter(differs);
  const equal = keys.filter((it) => !differs(it));
  return {
    ...pageOf([...differing, ...equal], from),
    differing: differing.length,
    requested: Math.max(here.requested, there.requested, keys.length),
  };
}

/** Returns the last key of values that are not complete: the other side has no comparable values after it. */
function lastIfCut({ requested, values }: FlagValues): readonly string[] {
  return values.size === requested ? [] : [...values.keys()].slice(-1);
}
