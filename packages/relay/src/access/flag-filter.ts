import type { FlagPatterns } from "../config/config.js";

/** Returns a function that tells whether the patterns include a flag key and do not exclude it. */
export function flagFilter({ exclude, include }: FlagPatterns): (key: string) => boolean {
  const isExcluded = anyOf(exclude);
  const isIncluded = include === null ? () => true : anyOf(include);
  return (key) => isIncluded(key) && !isExcluded(key);
}

function anyOf(patterns: readonly string[]): (key: string) => boolean {
  const all = patterns.map((pattern) => pattern.split("*"));
  return (key) => all.some((parts) => matches(parts, key));
}

/**
 * Whether a key contains the parts of a pattern in order. Takes the first occurrence of each part, so that the time is
 * linear even for keys that an attacker chooses.
 */
function matches(parts: readonly string[], key: string): boolean {
  const [first = "", ...others] = parts;
  const last = others.pop();
  if (last === undefined) return key === first;
  if (!key.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = key.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return key.length - last.length >= at && key.endsWith(last);
}
