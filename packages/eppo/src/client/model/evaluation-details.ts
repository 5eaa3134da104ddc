import type { AllocationEvaluationCode, FlagEvaluationCode } from "@sortition/core/eppo";
import type { Rule, Variation } from "./flag.js";

/** Outcome of one allocation. Positions start at 1. */
export interface AllocationEvaluation {
  key: string;
  allocationEvaluationCode: AllocationEvaluationCode;
  orderPosition: number;
}

/** Why a call returned its value. */
export interface IFlagEvaluationDetails {
  environmentName: string;
  flagEvaluationCode: FlagEvaluationCode;
  flagEvaluationDescription: string;
  variationKey: string | null;
  variationValue: Variation["value"] | null;
  banditKey: string | null;
  banditAction: string | null;
  /** ISO 8601; empty if there is no configuration. */
  configFetchedAt: string;
  configPublishedAt: string;
  matchedRule: Rule | null;
  matchedAllocation: AllocationEvaluation | null;
  unmatchedAllocations: AllocationEvaluation[];
  unevaluatedAllocations: AllocationEvaluation[];
}

/** A value with details. */
export interface IAssignmentDetails<T extends Variation["value"] | object> {
  variation: T;
  /** The action chosen by the variation's bandit, or `null` without a bandit. */
  action: string | null;
  evaluationDetails: IFlagEvaluationDetails;
}
