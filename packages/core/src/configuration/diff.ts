import type { Configuration } from "../model/configuration.js";

/** Keys of flags that an update touched. */
export interface FlagsChanged {
  readonly added: readonly string[];
  /** Flags whose text, or whose shared parts, differ. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** What changed between two configurations. Costs a look at every flag. */
export function diffFlags(former: Configuration | null, next: Configuration): FlagsChanged {
  const formerKeys = former?.flagKeys ?? new Set<string>();
  const added: string[] = [];
  const changed: string[] = [];
  for (const key of next.flagKeys) {
    if (!formerKeys.has(key)) added.push(key);
    else if (former?.fingerprint(key) !== next.fingerprint(key)) changed.push(key);
  }
  return { added, changed, removed: [...formerKeys].filter((key) => !next.flagKeys.has(key)) };
}
