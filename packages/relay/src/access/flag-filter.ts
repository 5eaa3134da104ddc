import type { FlagPatterns } from "../config/config.js";

/** Makes a test for keys of flags: whether a pattern includes them, and none excludes them. */
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
 * Whether a key has the parts of a pattern in their order. Each part is taken where it first occurs, which takes linear
 * time: callers choose the keys.
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
