import { attributeOf } from "../dialect/evaluation/attributes.js";
import { decideAlone, evalFeature, runExperiment } from "../dialect/evaluation/evaluate.js";
import type { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import { UNKNOWN_FEATURE } from "../dialect/evaluation/feature/decision.js";
import { observed } from "../dialect/evaluation/observed.js";
import { decidedValue, featureResultOf } from "../dialect/evaluation/results.js";
import { type CompileOptions, MalformedError } from "../dialect/malformed.js";
import type { Experiment, FeatureResult, Result } from "../dialect/wire.js";
import type { Reports } from "../messages/reports.js";
import type { ObservedFeatures } from "./observed-features.js";

/** The instance or client for which features are evaluated. */
export interface Evaluating {
  readonly reports: Reports;
  /** `null` if there are no observers. */
  readonly observed: ObservedFeatures | null;
  /** Called if the requested feature does not exist. */
  missed(key: unknown): void;
}

/**
 * Evaluates a feature. A malformed feature, for which the vendor's SDK throws, returns the result of an unknown
 * feature.
 */
export function evaluateSafely(
  key: string,
  context: EvaluationCall,
  evaluating: Evaluating,
): FeatureResult {
  const observers = evaluating.observed;
  observers?.begin(context);
  let result: FeatureResult;
  let failure: unknown = null;
  try {
    result = evalFeature(key, context);
    if (result.source === "unknownFeature") evaluating.missed(key);
  } catch (cause) {
    failure = report(cause, key, evaluating);
    context.featureResult = null;
    context.decided = UNKNOWN_FEATURE;
    result = featureResultOf(observed(UNKNOWN_FEATURE, key, context), context);
  }
  if (observers !== null) {
    const decision = context.decided ?? UNKNOWN_FEATURE;
    observers.end(key, { decision, value: result.value, cause: failure }, context);
  }
  return result;
}

/**
 * Returns the value of {@link evaluateSafely}, and creates a result only if an observer needs it.
 *
 * @param defaultValue - what the caller receives instead of `null`.
 */
export function valueSafely(
  key: string,
  context: EvaluationCall,
  evaluating: Evaluating,
  defaultValue: unknown,
): unknown {
  const observers = evaluating.observed;
  observers?.begin(context);
  let decision = UNKNOWN_FEATURE;
  let value: unknown = null;
  let failure: unknown = null;
  try {
    decision = decideAlone(key, context);
    if (decision.source === "unknownFeature") evaluating.missed(key);
    value = decidedValue(decision, context);
  } catch (cause) {
    failure = report(cause, key, evaluating);
    decision = UNKNOWN_FEATURE;
    observed(UNKNOWN_FEATURE, key, context);
  }
  if (value === null) value = defaultValue;
  observers?.end(key, { decision, value, cause: failure }, context);
  return value;
}

/**
 * Runs an experiment that is defined in code. If a hashed attribute has no string form, for which the vendor's SDK
 * throws, the user is not in the experiment.
 *
 * @throws TypeError if the vendor's SDK throws for another reason.
 */
export function runSafely<T>(
  experiment: Experiment<T>,
  context: EvaluationCall,
  options: CompileOptions,
  reports: Reports,
): Result<T> {
  try {
    return runExperiment(experiment, null, context, options);
  } catch (cause) {
    const hasForm = context.sticky === null ? hasText : hasTextAndJson;
    const attribute = hashedAttributes(experiment).find((it) => !hasForm(attributeOf(context, it)));
    if (attribute === undefined) throw cause;
    reports.error("attribute cannot be converted to a string", cause, { attribute });
    return runExperiment({ ...experiment, active: false }, null, context, options);
  }
}

function hashedAttributes({
  fallbackAttribute,
  filters,
  hashAttribute,
}: Experiment<unknown>): string[] {
  const ofFilters = filters?.map(({ attribute }) => attribute || "id") ?? [];
  return [hashAttribute || "id", ...(fallbackAttribute ? [fallbackAttribute] : []), ...ofFilters];
}

function hasText(value: unknown): boolean {
  try {
    return typeof `${value}` === "string";
  } catch {
    return false;
  }
}

/** Sticky buckets are keyed by the JSON of a value that is not a string. */
function hasTextAndJson(value: unknown): boolean {
  try {
    JSON.stringify(value);
  } catch {
    return false;
  }
  return hasText(value);
}

/** Reports an error that an evaluation threw, and returns it. Returns `null` if only the key is invalid. */
function report(cause: unknown, key: string, evaluating: Evaluating): unknown {
  if (cause instanceof MalformedError) {
    evaluating.reports.error("malformed feature", cause, { path: cause.path });
  } else if (typeof key === "string") {
    const path = `$.features[${JSON.stringify(key)}]`;
    evaluating.reports.error("malformed feature", cause, { path });
  } else {
    // JavaScript callers may pass a symbol, or an object that has no string form.
    evaluating.missed(key);
    return null;
  }
  return cause ?? "nothing";
}
