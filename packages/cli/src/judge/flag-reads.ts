import type { Configuration } from "@sortition/core";
import type { RuleDescription } from "@sortition/core/dialect";

/** What a flag reads besides the key of the subject. */
export interface FlagReads {
  /** Names of attributes. */
  readonly attributes: readonly string[];
  /** Keys of the flags that it depends on directly. */
  readonly flags: readonly string[];
}

/** Finds what a flag reads. */
export type ReadsOf = (flagKey: string, configuration: Configuration) => FlagReads;

export const NOTHING_READ: FlagReads = { attributes: [], flags: [] };

/** What a flag reads, and all flags that it depends on. The flag itself is the first one of the flags. */
export function readsOfAll(
  flagKey: string,
  configuration: Configuration,
  readsOf: ReadsOf,
): FlagReads {
  const flags = new Set([flagKey]);
  const attributes = new Set<string>();
  // A set also iterates over what is added to it.
  for (const key of flags) {
    const reads = readsOf(key, configuration);
    for (const attribute of reads.attributes) attributes.add(attribute);
    for (const flag of reads.flags) flags.add(flag);
  }
  return { attributes: [...attributes], flags: [...flags] };
}

/** The conditions of a flag's rules. */
export function conditionsIn(
  allocations: readonly { readonly rules: readonly RuleDescription[] }[],
): readonly RuleDescription["conditions"][number][] {
  return allocations.flatMap(({ rules }) => rules.flatMap(({ conditions }) => conditions));
}
