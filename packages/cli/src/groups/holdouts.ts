import type { FlagDescription } from "@sortition/core/dialect";
import {
  isNowhere,
  type Place,
  type PlaceOfCondition,
  placeInBoth,
  resultsPlace,
} from "../dialects/place.js";
import type { JudgedSubject } from "../judge/flag-judge.js";
import type { FlagSide } from "../two-vendors/flag-side.js";

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
    told.flatMap(({ holdout: name, key, rules }) => {
      if (name === null) return [];
      const { space } = resultsPlace(name, []);
      const conditions = rules.length > 1 ? rules.flatMap((it) => it.conditions) : [];
      const results = conditions.map(placeOf).find((it) => it?.space === space) ?? null;
      return [[key, { name, results }]];
    }),
  );
}

/** Returns the name of the holdout of an allocation that decided for a subject; `undefined` if the subject is not held out. */
export function heldOutBy(
  holdout: Holdout | undefined,
  side: FlagSide,
  subject: JudgedSubject,
): string | undefined {
  if (holdout === undefined || holdout.results === null) return holdout?.name;
  const { name, results } = holdout;
  const own = resultsPlace(name, [side.variationOf(name, subject) ?? ""]);
  return isNowhere(placeInBoth(results, own)) ? undefined : name;
}
