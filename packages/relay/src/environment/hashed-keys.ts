import type { Configuration } from "@sortition/core";

/** Number of keys to try. One is not enough, because a flag whose payload is `null` is never found. */
const TRIED = 5;

/** Whether flag keys are hashed, as in Eppo's payloads for client SDKs. Such flags cannot be listed by name. */
export function hasHashedKeys(configuration: Configuration): boolean {
  const tried: boolean[] = [];
  for (const key of configuration.flagKeys) {
    if (tried.length === TRIED) break;
    tried.push(configuration.flag(key) === null);
  }
  return tried.length > 0 && tried.every((isHash) => isHash);
}

/** The warning for operators. */
export const HASHED_KEYS =
  "flag keys are hashed, so bulk evaluation works only for tokens whose flags.include lists whole keys";
