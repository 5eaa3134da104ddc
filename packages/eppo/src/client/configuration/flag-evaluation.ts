import type { Configuration } from "@sortition/core";
import type { Attributes } from "../model/attributes.js";
import type { IFlagEvaluationDetails } from "../model/evaluation-details.js";
import type { Variation } from "../model/flag.js";
import { wireOf } from "./wire.js";

/** What `EppoClient.getAssignmentDetail` returns. */
export interface FlagEvaluation {
  flagKey: string;
  format: string;
  subjectKey: string;
  subjectAttributes: Attributes;
  allocationKey: string | null;
  variation: Variation | null;
  extraLogging: Record<string, string>;
  /** Whether the assignment is logged. */
  doLog: boolean;
  entityId: number | null;
  flagEvaluationDetails: IFlagEvaluationDetails;
}

/** A call of `getAssignmentDetail`, and what the client answered. */
export interface EvaluatedCall {
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly subjectAttributes: Attributes;
  readonly details: IFlagEvaluationDetails;
  /** Given if an override was applied. */
  readonly override: Variation | null;
  readonly configuration: Configuration | null;
}

/** The vendor's record of an evaluation. */
export function flagEvaluation(call: EvaluatedCall): FlagEvaluation {
  const { configuration, details, flagKey, override, subjectAttributes, subjectKey } = call;
  const { flags, format } = wireOf(configuration);
  const base = { flagKey, format, subjectKey, subjectAttributes, flagEvaluationDetails: details };
  const { matchedAllocation, variationKey } = details;
  if (matchedAllocation === null || variationKey === null) {
    return {
      ...base,
      allocationKey: null,
      variation: null,
      extraLogging: {},
      doLog: false,
      entityId: null,
    };
  }
  const allocationKey = matchedAllocation.key;
  if (override !== null) {
    const noFormat = { ...base, format: "" };
    return {
      ...noFormat,
      allocationKey,
      variation: override,
      extraLogging: {},
      doLog: false,
      entityId: null,
    };
  }
  const flag = Object.hasOwn(flags, flagKey) ? flags[flagKey] : undefined;
  const allocation = flag?.allocations[matchedAllocation.orderPosition - 1];
  const split = allocation?.splits.find((it) => it.variationKey === variationKey);
  const value = details.variationValue ?? "";
  return {
    ...base,
    allocationKey,
    // Hashed keys are not found: the decoded value of the details then stands for the encoded one.
    variation: flag?.variations[variationKey] ?? { key: variationKey, value },
    extraLogging: split?.extraLogging ?? {},
    doLog: allocation?.doLog ?? false,
    entityId: flag?.entityId ?? null,
  };
}
