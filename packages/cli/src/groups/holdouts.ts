import type { FlagDescription } from "@sortition/core/dialect";
import { hasResult, type Place, type PlaceOfCondition, resultsSpace } from "../dialects/place.js";

/** Holdouts by the allocations that keep their subjects from the treatments of a flag. */
export type Holdouts = ReadonlyMap<string, Holdout>;

interface Holdout {
  readonly name: string;
  /** The results of the holdout's flag that hold subjects out; `null`: all subjects of the allocation are held out. */
  readonly results: Place | null;
}

/** Returns the holdouts of a flag that the payload tells. */
export function holdoutsIn(
  { allocations, isEnabled }: FlagDescription,
  placeOf: PlaceOfCondition,
): Holdouts {
  const told = isEnabled ? allocations : [];
  return new Map(
    told.flatMap(({ holdout, key, rules }) => {
      if (holdout === null) return [];
      const places = rules.flatMap(({ conditions }) =>
        conditions.flatMap((it) => placeOf(it) ?? []),
      );
      const [place = null] = places.filter((it) => it.space === resultsSpace(holdout));
      return [[key, { name: holdout, results: rules.length > 1 ? place : null }]];
    }),
  );
}

/**
 * Returns the holdout that a subject belongs to; `undefined`: none.
 *
 * @param allocation - the one that decided for the subject.
 * @param variationOf - returns the variation that a flag assigns to the subject.
 */
export function holdoutOf(
  holdouts: Holdouts,
  allocation: string,
  variationOf: (flagKey: string) => string | null,
): string | undefined {
  const holdout = holdouts.get(allocation);
  if (holdout === undefined) return undefined;
  const { name, results } = holdout;
  return results === null || hasResult(results, variationOf(name)) ? name : undefined;
}
