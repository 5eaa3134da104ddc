import type { EvaluationDetails } from "@sortition/core/eppo";
import type { IAssignmentDetails, IFlagEvaluationDetails } from "./model/evaluation-details.js";
import type { Variation } from "./model/flag.js";

/** Returns only the vendor's members. */
export function vendorDetails<T extends Variation["value"] | object>({
  value,
  action,
  evaluationDetails,
}: {
  readonly value: T;
  readonly action: string | null;
  readonly evaluationDetails: EvaluationDetails;
}): IAssignmentDetails<T> {
  return { variation: value, action, evaluationDetails: asVendors(evaluationDetails) };
}

/**
 * Converts the type of details. They have exactly the vendor's members, and are a new object for
 * each caller, who may modify it.
 */
export function asVendors(details: EvaluationDetails): IFlagEvaluationDetails {
  return details as unknown as IFlagEvaluationDetails;
}
