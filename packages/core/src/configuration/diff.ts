import type { Configuration } from "../model/configuration.js";
import type { Steps } from "../model/steps.js";

/** Keys of the flags that an update added, changed or removed. */
export interface FlagsChanged {
  readonly added: readonly string[];
  /** Flags whose content, or whose shared parts, differ. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

const FLAGS_PER_STEP = 32;

export function* diffFlags(former: Configuration | null, next: Configuration): Steps<FlagsChanged> {
  const formerKeys = former?.flagKeys ?? new Set<string>();
  const added: string[] = [];
  const changed: string[] = [];
  const removed: string[] = [];
  let seen = 0;
  for (const key of next.flagKeys) {
    if (former === null || !formerKeys.has(key)) added.push(key);
    else if (!next.isSameFlag(key, former)) changed.push(key);
    if (++seen % FLAGS_PER_STEP === 0) yield;
  }
  for (const key of formerKeys) {
    if (!next.flagKeys.has(key)) removed.push(key);
    if (++seen % FLAGS_PER_STEP === 0) yield;
  }
  return { added, changed, removed };
}
