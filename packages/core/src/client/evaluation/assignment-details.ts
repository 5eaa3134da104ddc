import type { EvaluationErrorCode } from "../../errors/errors.js";
import { type ExposureOutcome, plainOutcome } from "../../events/exposure-outcome.js";
import type { DefaultReason, Evaluation, EvaluationNote, How } from "../../model/evaluation.js";
import type { Call } from "./call.js";

/** A value with details. */
export interface AssignmentDetails<T, Details = object> {
  readonly variation: T;
  /** Always `null`. Only bandits choose an action. */
  readonly action: null;
  /** The dialect's own record of the evaluation. */
  readonly evaluationDetails: Details;
  /** `assigned`, the reason for the default, or the code of the error. The same for all dialects. */
  readonly reason: "assigned" | DefaultReason | EvaluationErrorCode;
  /** The cause of a failed evaluation, if it is known. `SORTITION_DECODE`: the flag is malformed. */
  readonly errorCause: "SORTITION_DECODE" | null;
  /** How the value was assigned; `null` for defaults and errors. */
  readonly how: How | "override" | null;
  /** Key of the assigned variation, or `null`. */
  readonly variationKey: string | null;
  /**
   * Key of the allocation that assigned the variation. `null` if nothing was assigned, or the vendor does not name it.
   */
  readonly allocationKey: string | null;
  /** A fact that neither the reason nor the value shows. */
  readonly note?: EvaluationNote;
  /** Outcome of the flag's own exposure. */
  readonly exposure: ExposureOutcome;
  /**
   * Outcomes of other exposures of this evaluation, such as those of prerequisites, in the order in which they were
   * logged. Absent if there were none.
   */
  readonly furtherExposures?: readonly ExposureOutcome[];
}

/** How a value was determined. */
export type Origin = Pick<
  AssignmentDetails<unknown>,
  "reason" | "errorCause" | "how" | "variationKey" | "allocationKey"
>;

/** Returns the `note` member of details, if the evaluation has a note. */
export function noteOf(evaluation: Evaluation): Pick<AssignmentDetails<unknown>, "note"> | null {
  const note = evaluation.kind === "error" ? undefined : evaluation.note;
  return note === undefined ? null : { note };
}

/** Returns how the outcome of a call was determined. */
export function originOf({ override }: Call<object>, evaluation: Evaluation): Origin {
  const assigned = evaluation.kind === "assigned" ? evaluation : null;
  const error = evaluation.kind === "error" ? evaluation.error : null;
  return {
    reason: evaluation.kind === "default" ? evaluation.reason : (error?.code ?? "assigned"),
    errorCause: error !== null && isMalformed(error.cause) ? "SORTITION_DECODE" : null,
    how: assigned && (override === null ? assigned.how : "override"),
    variationKey: assigned?.variation ?? null,
    allocationKey: assigned?.allocation ?? null,
  };
}

/** Returns the `furtherExposures` member of details, if there were any. */
export function furtherExposuresOf({
  metOutcomes,
}: Call<object>): Pick<AssignmentDetails<unknown>, "furtherExposures"> {
  return metOutcomes === null ? {} : { furtherExposures: metOutcomes.map(plainOutcome) };
}

function isMalformed(cause: unknown): boolean {
  try {
    return (cause as { readonly code?: unknown } | null)?.code === "SORTITION_DECODE";
  } catch {
    return false; // reading a revoked proxy throws
  }
}
