import { attributeOf } from "../dialect/evaluation/attributes.js";
import { decideAlone, evalFeature, runExperiment } from "../dialect/evaluation/evaluate.js";
import type { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import { UNKNOWN_FEATURE } from "../dialect/evaluation/feature/decision.js";
import { observed } from "../dialect/evaluation/observed.js";
import { decidedValue, featureResultOf } from "../dialect/evaluation/results.js";
import { type CompileOptions, MalformedError } from "../dialect/malformed.js";
import type { Experiment, FeatureResult, Result } from "../dialect/wire.js";
import type { Reports } from "../messages/reports.js";

/** The instance that evaluates: where it reports errors, and its reaction to unknown keys. */
export interface Evaluating {
  readonly reports: Reports;
  /** The feature that was asked for does not exist. */
  missed(key: unknown): void;
}

/** Evaluates a feature. A malformed feature, for which the vendor throws, gives the result of an unknown one. */
export function evaluateSafely(
  key: string,
  context: EvaluationCall,
  evaluating: Evaluating,
): FeatureResult {
  try {
    const result = evalFeature(key, context);
    if (result.source === "unknownFeature") evaluating.missed(key);
    return result;
  } catch (cause) {
    report(cause, key, evaluating);
    context.featureResult = null;
    return featureResultOf(observed(UNKNOWN_FEATURE, key, context), context);
  }
}

/** The value of {@link evaluateSafely}. No result is created, unless an observer needs it. */
export function valueSafely(key: string, context: EvaluationCall, evaluating: Evaluating): unknown {
  try {
    const decision = decideAlone(key, context);
    if (decision.source === "unknownFeature") evaluating.missed(key);
    return decidedValue(decision, context);
  } catch (cause) {
    report(cause, key, evaluating);
    observed(UNKNOWN_FEATURE, key, context);
    return null;
  }
}

/**
 * Runs an experiment of the caller's code. Where the vendor throws because an attribute that is hashed has no string form,
 * the user is out.
 *
 * @throws TypeError where the vendor's SDK throws for another reason.
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
    const attribute = hashedAttributes(experiment).find((it) => !hasText(attributeOf(context, it)));
    if (attribute === undefined) throw cause;
    reports.error("attribute without a string form", cause, { attribute });
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

function report(cause: unknown, key: string, evaluating: Evaluating): void {
  if (cause instanceof MalformedError) {
    evaluating.reports.error("malformed feature", cause, { path: cause.path });
  } else if (typeof key === "string") {
    const path = `$.features[${JSON.stringify(key)}]`;
    evaluating.reports.error("malformed feature", cause, { path });
  } else {
    // JavaScript callers may pass a symbol, or an object that has no string form.
    evaluating.missed(key);
  }
}
