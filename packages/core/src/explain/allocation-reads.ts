import type { ConditionDescription, FlagDescription } from "./description.js";

/** A comparison of an attribute, by the name under which callers pass it. Some names mean the subject's key. */
export type Comparison = Pick<ConditionDescription, "attribute" | "expected" | "operator">;

/** What an allocation reads in addition to its unit. */
export interface AllocationReads {
  /** The comparisons of its rules, and of the cohorts or segments that they name. */
  readonly comparisons: readonly Comparison[];
  /** Keys of the flags on whose results it depends. */
  readonly flags: readonly string[];
}

/** Returns what each allocation reads. Malformed conditions read nothing. */
export function readsOfAllocations(
  { allocations }: FlagDescription,
  readsOf: (condition: ConditionDescription) => Partial<AllocationReads>,
): readonly AllocationReads[] {
  return allocations.map(({ rules }) => {
    const conditions = rules.flatMap((it) => it.conditions).filter((it) => it.problem === null);
    const reads = conditions.map(readsOf);
    return {
      comparisons: reads.flatMap(({ comparisons = [] }) => comparisons),
      flags: reads.flatMap(({ flags = [] }) => flags),
    };
  });
}
