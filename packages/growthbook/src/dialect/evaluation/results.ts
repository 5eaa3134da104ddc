import { freshValue } from "../fresh-value.js";
import type { FeatureResult, Result } from "../wire.js";
import { type HashValue, hashValueOf } from "./attributes.js";
import type { EvaluationCall } from "./evaluation-call.js";
import { type Arms, armOf } from "./experiment/arm.js";
import { type Decision, valueFor } from "./feature/decision.js";

/** What a result tells of an experiment. */
interface ReportedExperiment extends Arms {
  /** Whether its values are the caller's own. */
  readonly isGiven: boolean;
  readonly hashAttribute: string;
  readonly fallbackAttribute: string | null;
}

/** The vendor's result of the experiment that ran last. */
export function resultOf(
  experiment: ReportedExperiment,
  variation: number,
  featureId: string | null,
  context: EvaluationCall,
): Result<unknown> {
  const { bucket, hashUsed, isBlocked, isIn, isSticky, sticky } = context;
  const { key, value } = armOf(experiment, variation);
  // What was hashed is known; a user who is out has a hash value all the same.
  const { hashAttribute, hashValue } = hashUsed
    ? (context as HashValue)
    : hashValueOf(
        context,
        experiment.hashAttribute,
        sticky === null ? null : experiment.fallbackAttribute,
      );
  const result: Result<unknown> = {
    key,
    featureId,
    inExperiment: isIn,
    hashUsed,
    variationId: variation,
    value: experiment.isGiven ? value : freshValue(value),
    hashAttribute,
    hashValue,
    stickyBucketUsed: isSticky || isBlocked,
  };
  const meta = experiment.meta?.[variation];
  if (meta?.name) result.name = meta.name;
  if (hashUsed) result.bucket = bucket;
  if (meta?.passthrough) result.passthrough = meta.passthrough;
  const leaf = context.experiment?.contextualBandit;
  if (leaf && hashUsed && isIn) {
    result.leafId = leaf.leafId;
    result.variationWeights = leaf.variationWeights;
    if (leaf.banditVersion !== undefined) result.banditVersion = leaf.banditVersion;
  }
  return result;
}

/** The vendor's result of a feature that was just decided. */
export function featureResultOf(decision: Decision, context: EvaluationCall): FeatureResult {
  const { ruleId, source } = decision;
  const isExperiment = source === "experiment" && context.result !== null;
  const value = isExperiment ? context.result?.value : valueFor(decision);
  const result: FeatureResult = { value, on: !!value, off: !value, source, ruleId: ruleId || "" };
  if (isExperiment && context.experiment !== null && context.result !== null) {
    result.experiment = context.experiment;
    result.experimentResult = context.result;
  }
  return result;
}
