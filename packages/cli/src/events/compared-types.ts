import type { Comparisons } from "../judge/flag-judge.js";
import { madeOnce } from "../made-once.js";
import type { ComparedType } from "./attribute-type.js";

const TYPES: readonly string[] = ["number", "boolean"] satisfies ComparedType[];

/**
 * Returns the attributes that all rules of all configurations compare with a single type and that no rule hashes.
 *
 * @param typed - attributes that already have a type.
 */
export function comparedTypes(
  all: readonly Comparisons[],
  typed: readonly string[],
): ReadonlyMap<string, ComparedType> {
  const kinds = new Map<string, Set<string>>();
  for (const comparisons of all) {
    for (const [attribute, own] of comparisons) {
      const known = madeOnce(kinds, attribute, () => new Set<string>());
      for (const kind of own) if (kind !== "absent") known.add(kind);
    }
  }
  const types = new Map<string, ComparedType>();
  for (const [attribute, [only = "", ...others]] of kinds) {
    if (others.length > 0 || !TYPES.includes(only) || typed.includes(attribute)) continue;
    types.set(attribute, only as ComparedType); // just checked
  }
  return types;
}
