import { DecodeError } from "../errors/errors.js";
import type { How } from "../model/evaluation.js";
import type { Decoded } from "./decode.js";

/** The facts that determine {@link How} an allocation assigns. */
export interface AllocationFacts {
  readonly hasConditions: boolean;
  /** Whether its splits exclude some subjects or have several variations. Only called if there are no conditions. */
  readonly isSplit: () => boolean;
  /** Whether it is the flag's first allocation and always active. */
  readonly isFirst: boolean;
}

/** Returns how an allocation assigns. */
export function howOf({ hasConditions, isFirst, isSplit }: AllocationFacts): How {
  if (hasConditions) return "rule";
  if (isSplit()) return "split";
  return isFirst ? "static" : "fallthrough";
}

/** Whether half-open ranges contain every number of `[0, end)`. */
export function coverAll(
  ranges: readonly { readonly start: number; readonly end: number }[],
  end: number,
): boolean {
  let covered = 0;
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    if (range.start <= covered && range.end > covered) covered = range.end;
  }
  return covered >= end;
}

/** Returns the elements of a list that are not malformed. */
export function soundOf<T>(list: Decoded<readonly Decoded<T>[]>): readonly T[] {
  const isSound = (it: Decoded<T>): it is T => !(it instanceof DecodeError);
  return list instanceof DecodeError ? [] : list.filter(isSound);
}
