import type { EvaluationErrorCode } from "../../errors/errors.js";
import { type ExposureOutcome, plainOutcome } from "../../events/exposure-outcome.js";
import type { DefaultReason, Evaluation, EvaluationNote, How } from "../../model/evaluation.js";
import type { Call } from "./call.js";

/** A value with details. */
export interface AssignmentDetails<T, Details = object> {
  readonly variation: T;
  /** Set by bandits only. */
  readonly action: null;
  /** The dialect's own record of the evaluation. */
  readonly evaluationDetails: Details;
  /** The same for all dialects: assigned, the reason of the default, or the code of the error. */
  readonly reason: "assigned" | DefaultReason | EvaluationErrorCode;
  /** What made the evaluation fail, if it is known: the flag is malformed. */
  readonly errorCause: "SORTITION_DECODE" | null;
  /** How the value was assigned; `null` for defaults and errors. */
  readonly how: How | "override" | null;
  /** Key of the assigned variation; `null` without one. */
  readonly variationKey: string | null;
  /** What it was assigned through; `null` if nothing was assigned, or the vendor does not name it. */
  readonly allocationKey: string | null;
  /** A fact that neither reason nor value shows. Absent: none. */
  readonly note?: EvaluationNote;
  /** Outcome of the flag's own exposure. */
  readonly exposure: ExposureOutcome;
  /**
   * Outcomes of the exposures that the evaluation met on the way, such as those of prerequisites, in the
   * order in which they were logged. Absent if there were none.
   */
  readonly furtherExposures?: readonly ExposureOutcome[];
}

/** Where a value comes from. */
export type Origin = Pick<
  AssignmentDetails<unknown>,
  "reason" | "errorCause" | "how" | "variationKey" | "allocationKey"
>;

/** Member of details about the note of an evaluation. */
export function noteOf(evaluation: Evaluation): Pick<AssignmentDetails<unknown>, "note"> | null {
  const note = evaluation.kind === "error" ? undefined : evaluation.note;
  return note === undefined ? null : { note };
}

/** How the outcome of a call came about. */
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

/** Members of details about exposures that were met on the way. */
export function furtherExposuresOf({
  metOutcomes,
}: Call<object>): Pick<AssignmentDetails<unknown>, "furtherExposures"> {
  return metOutcomes === null ? {} : { furtherExposures: metOutcomes.map(plainOutcome) };
}

function isMalformed(cause: unknown): boolean {
  try {
    return (cause as { readonly code?: unknown } | null)?.code === "SORTITION_DECODE";
  } catch {
    return false; // a revoked proxy
  }
}
