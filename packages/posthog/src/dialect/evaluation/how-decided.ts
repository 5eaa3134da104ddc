import { type How, howOf } from "@sortition/core/dialect";
import type { Condition } from "../condition/condition.js";
import type { FlagDefinition } from "../flag-wire.js";
import type { DecidedBy } from "./outcome.js";

/** How what decided a flag assigns. A flag that is off for a subject is what is left by its conditions. */
export function howDecided(definition: FlagDefinition, decidedBy: DecidedBy): How {
  const { conditions, holdout } = definition;
  if (decidedBy === null) return "fallthrough";
  if (decidedBy === "holdout") {
    const isSplit = () => (holdout?.share ?? 1) < 1;
    return howOf({ hasConditions: false, isSplit, isFirst: true });
  }
  const condition = conditions?.[decidedBy] as Condition; // it decided
  return howOf({
    hasConditions: (condition.filters?.length ?? 0) > 0,
    isSplit: () => (condition.share ?? 1) < 1 || hasSeveralVariants(definition, condition),
    isFirst: decidedBy === 0 && holdout === null,
  });
}

/** Whom no variant has gets `true`, which is one more. */
function hasSeveralVariants({ variants }: FlagDefinition, { variant }: Condition): boolean {
  if (variants === null || variants.length === 0) return false;
  if (variant && variants.some(({ key }) => key === variant)) return false;
  return variants.length > 1 || !((variants[0]?.end ?? 0) >= 1);
}
