import type { ObservedEvaluation } from "@sortition/core";
import { openFeatureReason } from "@sortition/core";

/** The result of an evaluation in OpenTelemetry's terms. */
export interface Result {
  /** `split`, `targeting_match`, `error`, … */
  readonly reason: string;
  /** `flag_not_found`, …, or `null` if the evaluation succeeded. */
  readonly errorType: string | null;
  readonly errorMessage: string | null;
}

/** Converts an evaluation to OpenTelemetry's terms. */
export function resultOf(evaluation: ObservedEvaluation): Result {
  const outcome = openFeatureReason(evaluation);
  const reason = outcome.reason.toLowerCase();
  if (outcome.reason !== "ERROR") return { reason, errorType: null, errorMessage: null };
  const errorMessage = `flag "${evaluation.flagKey}": ${outcome.problem}`;
  return { reason, errorType: outcome.errorCode.toLowerCase(), errorMessage };
}
