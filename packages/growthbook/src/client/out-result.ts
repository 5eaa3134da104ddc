import { hashValueOf } from "../dialect/evaluation/attributes.js";
import type { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import type { Experiment, Result } from "../dialect/wire.js";

/** Creates the result of an auto experiment that is not run. The user is not in the experiment. */
export function outResult<T>(experiment: Experiment<T>, context: EvaluationCall): Result<T> {
  const { hashAttribute, fallbackAttribute, disableStickyBucketing, meta, variations } = experiment;
  const usesSticky = context.sticky !== null && !disableStickyBucketing;
  const hashed = hashValueOf(context, hashAttribute, usesSticky ? fallbackAttribute : null);
  const { key, name, passthrough } = meta?.[0] ?? {};
  return {
    key: key || "0",
    featureId: "",
    inExperiment: false,
    hashUsed: false,
    variationId: 0,
    value: variations[0],
    ...hashed,
    stickyBucketUsed: false,
    ...(name ? { name } : {}),
    ...(passthrough ? { passthrough } : {}),
  };
}
