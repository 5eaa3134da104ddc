import { type ExposureOutcome, plainOutcome } from "../../events/exposure-outcome.js";
import type { EvaluationOrigin } from "../../model/evaluation-origin.js";
import type { Call } from "./call.js";

/** A value with details. */
export interface AssignmentDetails<T, Details = object> extends EvaluationOrigin {
  /** The assigned value, or the default value. */
  readonly value: T;
  /** Always `null`. Only bandits choose an action. */
  readonly action: null;
  /** The dialect's own record of the evaluation. */
  readonly evaluationDetails: Details;
  /** Outcome of the flag's own exposure. */
  readonly exposure: ExposureOutcome;
  /**
   * Outcomes of other exposures of this evaluation, such as those of prerequisites, in the order in which they were
   * logged. Absent if there were none.
   */
  readonly furtherExposures?: readonly ExposureOutcome[];
}

/** Returns the `furtherExposures` member of details, if there were any. */
export function furtherExposuresOf({
  metOutcomes,
}: Call<object>): Pick<AssignmentDetails<unknown>, "furtherExposures"> {
  return metOutcomes === null ? {} : { furtherExposures: metOutcomes.map(plainOutcome) };
}
