import type { Configuration } from "@sortition/core";

/** Keys that are tried: a flag whose payload is null cannot be found either. */
const TRIED = 5;

/** Whether a configuration has hashes instead of the keys of flags, as Eppo's for clients: its flags cannot be listed by name. */
export function hasHashedKeys(configuration: Configuration): boolean {
  const tried: boolean[] = [];
  for (const key of configuration.flagKeys) {
    if (tried.length === TRIED) break;
    tried.push(configuration.flag(key) === null);
  }
  return tried.length > 0 && tried.every((isHash) => isHash);
}

/** What an operator reads about such a configuration. */
export const HASHED_KEYS =
  "the keys of the flags are hashed: all flags at once are evaluated only for tokens whose flags.include lists whole keys";
