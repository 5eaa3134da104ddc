import type { ObservedEvaluation } from "@sortition/core";
import { openFeatureReason } from "@sortition/core";

/** Result of an evaluation in OpenTelemetry's words. */
export interface Result {
  /** `split`, `targeting_match`, `error`, … */
  readonly reason: string;
  /** `flag_not_found`, …; `null`: it succeeded. */
  readonly errorType: string | null;
  readonly errorMessage: string | null;
}

/** Converts the outcome of an evaluation. */
export function resultOf(evaluation: ObservedEvaluation): Result {
  const outcome = openFeatureReason(evaluation);
  const reason = outcome.reason.toLowerCase();
  if (outcome.reason !== "ERROR") return { reason, errorType: null, errorMessage: null };
  const errorMessage = `flag "${evaluation.flagKey}": ${outcome.problem}`;
  return { reason, errorType: outcome.errorCode.toLowerCase(), errorMessage };
}
