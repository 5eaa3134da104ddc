import type { Configuration } from "@sortition/core";
import type { Comparison, DialectWords, Explainer } from "@sortition/core/dialect";

/** An attribute that targeting rules read. */
export interface KnownAttribute {
  readonly name: string;
  /** Values that the rules compare it with. */
  readonly values: readonly string[];
}

/** Limits the time for very large configurations, of which evenly spaced flags are read. */
const MAX_FLAGS = 200;
const MAX_ATTRIBUTES = 20;
const MAX_VALUES = 20;
const MAX_LENGTH = 100;

/** Lists the attributes that the rules of a configuration read, most frequent first. Hashed names are omitted. */
export function knownAttributes(
  configuration: Configuration,
  { attributes, describe, readsOf, words }: Explainer,
): readonly KnownAttribute[] {
  const found = new Map<string, { uses: number; readonly values: Set<string> }>();
  const distance = Math.ceil(configuration.flagKeys.size / MAX_FLAGS);
  const read = [...configuration.flagKeys].filter((_, i) => i % distance === 0);
  for (const flagKey of read) {
    if (describe(configuration, flagKey).isHashed) continue;
    for (const comparison of readsOf(configuration, flagKey).flatMap((it) => it.comparisons)) {
      const { attribute: name, expected } = comparison;
      if (name === "" || name.length > MAX_LENGTH || attributes.always.has(name)) continue;
      if (attributes.hasPaths === true && name.includes(".")) continue;
      const known = found.get(name) ?? { uses: 0, values: new Set<string>() };
      found.set(name, known);
      known.uses += 1;
      if (!comparesValues(comparison, words)) continue;
      for (const value of Array.isArray(expected) ? expected : [expected]) {
        if (known.values.size < MAX_VALUES && isSuggestible(value)) known.values.add(`${value}`);
      }
    }
  }
  return [...found]
    .sort(([, a], [, b]) => b.uses - a.uses)
    .slice(0, MAX_ATTRIBUTES)
    .map(([name, { values }]) => ({ name, values: [...values] }));
}

/** Whether a comparison lists values that subjects may have. */
function comparesValues(comparison: Comparison, words: DialectWords): boolean {
  const its = words.ofCondition({ ...comparison, problem: null });
  return its?.kind === "value" && its.phrase.verb !== "match";
}

function isSuggestible(value: unknown): boolean {
  return (
    (typeof value === "string" && value.length <= MAX_LENGTH) ||
    typeof value === "number" ||
    typeof value === "boolean"
  );
}
