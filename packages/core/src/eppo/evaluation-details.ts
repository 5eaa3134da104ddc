import type { JsonObject } from "../conditions/decode.js";

/** Outcome of evaluating a flag, as the vendor names it. */
export type FlagEvaluationCode =
  | "MATCH"
  | "FLAG_UNRECOGNIZED_OR_DISABLED"
  | "TYPE_MISMATCH"
  | "ASSIGNMENT_ERROR"
  | "DEFAULT_ALLOCATION_NULL"
  | "NO_ACTIONS_SUPPLIED_FOR_BANDIT"
  | "BANDIT_ERROR";

/** Outcome of one allocation, as the vendor names it. */
export type AllocationEvaluationCode =
  | "UNEVALUATED"
  | "MATCH"
  | "BEFORE_START_TIME"
  | "TRAFFIC_EXPOSURE_MISS"
  | "AFTER_END_TIME"
  | "FAILING_RULE";

/** One allocation of a flag. Positions start at 1. */
export interface AllocationEvaluation {
  readonly key: string;
  readonly allocationEvaluationCode: AllocationEvaluationCode;
  readonly orderPosition: number;
}

/** Explains why a call returned its value. The members are the same as in the vendor's SDK. */
export interface EvaluationDetails {
  readonly environmentName: string;
  readonly flagEvaluationCode: FlagEvaluationCode;
  readonly flagEvaluationDescription: string;
  readonly variationKey: string | null;
  readonly variationValue: unknown;
  readonly banditKey: string | null;
  readonly banditAction: string | null;
  /** ISO 8601. Empty if there is no configuration. */
  readonly configFetchedAt: string;
  readonly configPublishedAt: string;
  /** The rule as in the configuration. It is hashed if the configuration is obfuscated. */
  readonly matchedRule: JsonObject | null;
  readonly matchedAllocation: AllocationEvaluation | null;
  readonly unmatchedAllocations: readonly AllocationEvaluation[];
  readonly unevaluatedAllocations: readonly AllocationEvaluation[];
}
