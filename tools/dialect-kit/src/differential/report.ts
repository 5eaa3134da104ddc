import { inspect } from "node:util";
import type { ComparedCase, DifferentialPlan } from "./plan.js";
import type { DifferentialResult } from "./run.js";

/** Summarises what a run tried and found, for the output of a test. */
export function summaryOf<Case extends ComparedCase>(
  plan: DifferentialPlan<Case, never>,
  seed: number,
  { cases, tally, named, unexplained }: DifferentialResult<Case>,
): string {
  const counts = [...named].map(([name, count]) => `${name} ${count}`);
  return [
    `${plan.name} differential: seed ${seed}; ${cases} calls; ${unexplained.length} with unexplained differences`,
    String(tally),
    `deliberate differences: ${counts.join(" · ")}`,
    "",
  ].join("\n");
}

/**
 * Describes the first unexplained cases, with everything needed to investigate them. Empty if there
 * are none.
 */
export function explanationOf<Case extends ComparedCase>(
  plan: DifferentialPlan<Case, never>,
  { unexplained }: DifferentialResult<Case>,
): string {
  return unexplained
    .slice(0, 3)
    .map(({ case: it, differences }) => `${inspect(differences, { depth: 8 })}\n${plan.show(it)}`)
    .join("\n\n");
}
