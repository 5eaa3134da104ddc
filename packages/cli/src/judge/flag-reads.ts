import type { Configuration } from "@sortition/core";
import type { FlagDescription, RuleDescription } from "@sortition/core/dialect";

/** Everything that a flag reads, except for the subject's key. */
export interface FlagReads {
  readonly attributes: readonly string[];
  /** Keys of its direct dependencies. */
  readonly flags: readonly string[];
  readonly comparisons: readonly Comparison[];
}

/** An attribute and what a rule compares it with. Some attribute names mean the subject's key. */
export interface Comparison {
  readonly attribute: string;
  /** A value, a list, or an object with values. */
  readonly expected: unknown;
}

/**
 * Returns what a flag reads.
 *
 * @param allocations - keys of the allocations whose rules count; absent: all.
 */
export type ReadsOf = (
  flagKey: string,
  configuration: Configuration,
  allocations?: ReadonlySet<string>,
) => FlagReads;

export const NOTHING_READ: FlagReads = { attributes: [], flags: [], comparisons: [] };

/** What a flag and all its dependencies read. The first key of `flags` is the flag's own. */
export function readsOfAll(
  flagKey: string,
  configuration: Configuration,
  readsOf: ReadsOf,
): FlagReads {
  const flags = new Set([flagKey]);
  const attributes = new Set<string>();
  const comparisons: Comparison[] = [];
  // The loop also visits the keys that are added to the set during the iteration.
  for (const key of flags) {
    const reads = readsOf(key, configuration);
    for (const attribute of reads.attributes) attributes.add(attribute);
    for (const flag of reads.flags) flags.add(flag);
    comparisons.push(...reads.comparisons);
  }
  return { attributes: [...attributes], flags: [...flags], comparisons };
}

/** The conditions of a flag's rules, in all allocations or in those with these keys. */
export function conditionsIn(
  { allocations }: Pick<FlagDescription, "allocations">,
  keys?: ReadonlySet<string>,
): readonly RuleDescription["conditions"][number][] {
  return allocations
    .filter(({ key }) => keys?.has(key) ?? true)
    .flatMap(({ rules }) => rules.flatMap(({ conditions }) => conditions));
}
