import { gateIn } from "../condition/condition.js";
import type { Rule } from "../spec.js";
import type { EvaluatedConfiguration } from "./evaluation-call.js";

/** Whether a rule keeps the users of a holdout out of an experiment, a config or a gate. */
export function isHoldout({ conditions }: Rule, configuration: EvaluatedConfiguration): boolean {
  return conditions.some((it) => {
    const condition = typeof it === "string" ? configuration.condition(it) : it;
    if (condition?.type !== "pass_gate") return false;
    return configuration.gate(gateIn(condition.wire))?.entity === "holdout";
  });
}
