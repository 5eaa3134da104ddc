import type { FlagDescription } from "@sortition/core/dialect";

/** A holdout, and the allocation of a flag that keeps its subjects from the flag's treatments. */
export interface Holdout {
  readonly name: string;
  readonly allocation: string;
}

/** The holdouts of a flag, as the payload tells them. */
export function holdoutsIn({ allocations, isEnabled }: FlagDescription): readonly Holdout[] {
  if (!isEnabled) return [];
  return allocations.flatMap(({ holdout, key }) =>
    holdout === null ? [] : { name: holdout, allocation: key },
  );
}
