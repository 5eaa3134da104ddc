import type { EvaluationError, EvaluationErrorCode } from "../errors/errors.js";
import type { Evaluation, EvaluationReason } from "./evaluation.js";
import type { Override } from "./override.js";

/** How a value was determined. */
export interface EvaluationOrigin {
  /** Whether nothing was assigned, so that the caller receives its default value. */
  readonly isDefault: boolean;
  readonly reason: EvaluationReason;
  /** Code of the error if `reason` is `error`, otherwise `null`. `SORTITION_DECODE`: the flag is malformed. */
  readonly errorCode: EvaluationErrorCode | "SORTITION_DECODE" | null;
  /** Key of the assigned variation, or `null`. */
  readonly variationKey: string | null;
  /**
   * Key of the allocation that assigned the variation. `null` if nothing was assigned, or the vendor does not name it.
   */
  readonly allocationKey: string | null;
}

/** Returns how the value of an evaluation was determined. */
export function originOf(
  { override }: { readonly override: Override | null },
  evaluation: Evaluation,
): EvaluationOrigin {
  const assigned = evaluation.kind === "assigned" ? evaluation : null;
  return {
    isDefault: assigned === null,
    reason: reasonOf(evaluation, override !== null),
    errorCode: evaluation.kind === "error" ? errorCodeOf(evaluation.error) : null,
    variationKey: assigned?.variation ?? null,
    allocationKey: assigned?.allocation ?? null,
  };
}

function reasonOf(evaluation: Evaluation, isOverride: boolean): EvaluationReason {
  if (evaluation.kind === "error") return "error";
  return isOverride ? "override" : evaluation.reason;
}

function errorCodeOf({ cause, code }: EvaluationError): EvaluationOrigin["errorCode"] {
  return isMalformed(cause) ? "SORTITION_DECODE" : code;
}

function isMalformed(cause: unknown): boolean {
  try {
    return (cause as { readonly code?: unknown } | null)?.code === "SORTITION_DECODE";
  } catch {
    return false; // reading a revoked proxy throws
  }
}
