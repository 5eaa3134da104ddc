import { gateIn } from "../condition/condition.js";
import type { Rule } from "../spec.js";
import type { EvaluatedConfiguration } from "./evaluation-call.js";

/** Returns the holdout whose users a rule keeps out of an experiment, a config or a gate; `null` if there is none. */
export function holdoutIn(
  { conditions }: Rule,
  configuration: EvaluatedConfiguration,
): string | null {
  for (const it of conditions) {
    const condition = configuration.condition(it);
    if (condition?.type !== "pass_gate") continue;
    const name = gateIn(condition.wire);
    if (configuration.gate(name)?.entity === "holdout") return name;
  }
  return null;
}
