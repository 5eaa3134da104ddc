import type { FlagDescription } from "@sortition/core/dialect";

/** Holdouts by the allocations that keep their subjects from the treatments of a flag. */
export type Holdouts = ReadonlyMap<string, string>;

/** Returns the holdouts of a flag that the payload tells. */
export function holdoutsIn({ allocations, isEnabled }: FlagDescription): Holdouts {
  const told = isEnabled ? allocations : [];
  return new Map(told.flatMap(({ holdout, key }) => (holdout === null ? [] : [[key, holdout]])));
}
