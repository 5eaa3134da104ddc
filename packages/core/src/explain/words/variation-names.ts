import type { FlagDescription, VariationDescription } from "../description.js";
import { valueText } from "../text/values.js";

/** A variation as the page shows it. */
export interface NamedVariation {
  /** Its name, or else its value. */
  readonly name: string;
  /** Index within {@link NamedVariations.distinct}. */
  readonly index: number;
}

/** The variations of a flag as the page shows them. */
export interface NamedVariations {
  /** Variations with distinct names or values. */
  readonly distinct: readonly VariationDescription[];
  /** The variations of each allocation, by the keys in its splits. */
  readonly byAllocation: readonly ReadonlyMap<string, NamedVariation>[];
}

/**
 * Names the variations of a flag.
 *
 * Each GrowthBook rule has its own variations, often with the same keys as those of other rules, such as 0 and 1. They are
 * listed in the order of the splits that assign them.
 */
export function nameVariations({ allocations, variations }: FlagDescription): NamedVariations {
  const distinct = new Map<string, { readonly it: VariationDescription; readonly index: number }>();
  const byKey = new Map<string, NamedVariation[]>();
  const add = (it: VariationDescription): void => {
    const { key, value } = it;
    const name = nameOf(it);
    const id = it.name === undefined ? key : JSON.stringify([name, value]);
    const { index } = distinct.get(id) ?? { index: distinct.size };
    distinct.set(id, { it, index });
    const listed = byKey.get(key);
    if (listed === undefined) byKey.set(key, [{ name, index }]);
    else listed.push({ name, index });
  };
  variations.forEach(add);
  const used = new Map<string, number>();
  const byAllocation = allocations.map(({ splits }) => {
    const entries = splits.map(({ variation: key }) => {
      const n = used.get(key) ?? 0;
      used.set(key, n + 1);
      // PostHog's holdouts assign variations that the flag does not list.
      if (!byKey.has(key)) add({ key, value: undefined, problem: null });
      const listed = byKey.get(key) ?? [];
      return [key, (listed[n] ?? listed.at(-1)) as NamedVariation] as const;
    });
    return new Map(entries);
  });
  return { distinct: [...distinct.values()].map(({ it }) => it), byAllocation };
}

/** Returns the name of a variation, or else its value. */
export function nameOf({ key, name = key, value }: VariationDescription): string {
  return name ?? variationText(value);
}

/** Returns a value as JSON, or `empty string`. */
export function variationText(value: unknown): string {
  return value === "" ? "empty string" : valueText(value);
}
