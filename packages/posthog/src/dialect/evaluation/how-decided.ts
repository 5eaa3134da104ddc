import { type How, howOf } from "@sortition/core/dialect";
import type { Condition } from "../condition/condition.js";
import type { FlagDefinition } from "../flag-wire.js";
import type { DecidedBy } from "./outcome.js";

/** Returns how a flag's value was assigned. A flag that is off for a subject is a fall-through of its conditions. */
export function howDecided(definition: FlagDefinition, decidedBy: DecidedBy): How {
  const { conditions, holdout } = definition;
  if (decidedBy === null) return "fallthrough";
  if (decidedBy === "holdout") {
    const isSplit = () => (holdout?.share ?? 1) < 1;
    return howOf({ hasConditions: false, isSplit, isFirst: true });
  }
  const condition = conditions?.[decidedBy] as Condition; // the condition that decided
  return howOf({
    hasConditions: (condition.filters?.length ?? 0) > 0,
    isSplit: () => (condition.share ?? 1) < 1 || hasSeveralVariants(definition, condition),
    isFirst: decidedBy === 0 && holdout === null,
  });
}

/**
 * Returns whether a condition can assign several values. Subjects without a variant get `true`, which is an additional
 * value.
 */
function hasSeveralVariants({ variants }: FlagDefinition, { variant }: Condition): boolean {
  if (variants === null || variants.length === 0) return false;
  if (variant && variants.some(({ key }) => key === variant)) return false;
  return variants.length > 1 || !((variants[0]?.end ?? 0) >= 1);
}
