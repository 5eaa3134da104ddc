import type { EvaluationDetails } from "@sortition/core/eppo";
import type { IAssignmentDetails, IFlagEvaluationDetails } from "./model/evaluation-details.js";
import type { Variation } from "./model/flag.js";

/** The vendor's members alone. */
export function vendorDetails<T extends Variation["value"] | object>({
  variation,
  action,
  evaluationDetails,
}: {
  readonly variation: T;
  readonly action: string | null;
  readonly evaluationDetails: EvaluationDetails;
}): IAssignmentDetails<T> {
  return { variation, action, evaluationDetails: asVendors(evaluationDetails) };
}

/** They are the vendor's object, member for member, and new for each caller, who may change them. */
export function asVendors(details: EvaluationDetails): IFlagEvaluationDetails {
  return details as unknown as IFlagEvaluationDetails;
}
