import type { AllocationDescription, DialectWords, FlagDescription } from "@sortition/core/dialect";

/** What subjects get if no allocation assigns a variation. */
export interface Otherwise {
  /** Such as `your code's default value`. */
  readonly words: string;
  /** The value that the vendor returns; `undefined`: your code decides. */
  readonly value: unknown;
  /** The allocations of the flag, without the one that describes the default value. */
  readonly allocations: readonly AllocationDescription[];
  /** Index of the allocation that assigns all remaining subjects, so that this is never used; `null`: none. */
  readonly catchAll: number | null;
  /** Variations of `catchAll` that have no value, so that applications use their own default. */
  readonly withoutValue: readonly string[];
}

/** Determines what a vendor returns for subjects that no allocation assigns. */
export function otherwiseOf(
  { allocations, isEnabled, variations }: FlagDescription,
  { flagNoun = "flag", isDefault, otherwise, returnsKeys }: DialectWords,
): Otherwise {
  const last = allocations.at(-1);
  const hasDefault = last !== undefined && isDefault?.(last) === true;
  const own = hasDefault ? allocations.slice(0, -1) : allocations;
  const all = own.findIndex(
    ({ rules, traffic, window }) =>
      window === null && rules.length === 0 && traffic !== null && traffic.unassigned <= 0,
  );
  const catchAll = isEnabled && all >= 0 ? all : null;
  const given = catchAll === null || returnsKeys === true ? [] : (own[catchAll]?.splits ?? []);
  const empty = variations.filter(({ problem, value }) => problem === null && value === undefined);
  return {
    ...(hasDefault
      ? { words: `the ${flagNoun}'s default value`, value: variations.at(-1)?.value }
      : { value: undefined, words: "your code's default value", ...otherwise }),
    allocations: own,
    catchAll,
    withoutValue: empty
      .map(({ key }) => key)
      .filter((key) => given.some(({ variation }) => variation === key)),
  };
}
