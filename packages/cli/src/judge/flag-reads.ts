import type { Configuration } from "@sortition/core";
import type { RuleDescription } from "@sortition/core/dialect";

/** What a flag reads besides the key of the subject. */
export interface FlagReads {
  /** Names of attributes. */
  readonly attributes: readonly string[];
  /** Keys of the flags that it depends on directly. */
  readonly flags: readonly string[];
  /** What its rules compare. */
  readonly comparisons: readonly Comparison[];
}

/** An attribute, or the key of the subject by the name of an attribute, and what a rule compares it with. */
export interface Comparison {
  readonly attribute: string;
  /** A value, a list, or an object that contains them. */
  readonly expected: unknown;
}

/** Finds what a flag reads. */
export type ReadsOf = (flagKey: string, configuration: Configuration) => FlagReads;

export const NOTHING_READ: FlagReads = { attributes: [], flags: [], comparisons: [] };

/** What a flag reads, and all flags that it depends on. The flag itself is the first one of the flags. */
export function readsOfAll(
  flagKey: string,
  configuration: Configuration,
  readsOf: ReadsOf,
): FlagReads {
  const flags = new Set([flagKey]);
  const attributes = new Set<string>();
  const comparisons: Comparison[] = [];
  // A set also iterates over what is added to it.
  for (const key of flags) {
    const reads = readsOf(key, configuration);
    for (const attribute of reads.attributes) attributes.add(attribute);
    for (const flag of reads.flags) flags.add(flag);
    comparisons.push(...reads.comparisons);
  }
  return { attributes: [...attributes], flags: [...flags], comparisons };
}

/** The conditions of a flag's rules. */
export function conditionsIn(
  allocations: readonly { readonly rules: readonly RuleDescription[] }[],
): readonly RuleDescription["conditions"][number][] {
  return allocations.flatMap(({ rules }) => rules.flatMap(({ conditions }) => conditions));
}
