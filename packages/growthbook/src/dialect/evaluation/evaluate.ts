import { type CompileOptions, UNREPORTED } from "../malformed.js";
import type { Experiment, FeatureResult, Result } from "../wire.js";
import type { EvaluationCall } from "./evaluation-call.js";
import { compileExperiment, type ExperimentWire } from "./experiment/experiment.js";
import { run } from "./experiment/run.js";
import { decideFeature } from "./feature/decide-feature.js";
import type { Decision } from "./feature/decision.js";
import { withOverrides } from "./feature/run-rule.js";
import type { Observer } from "./observer.js";
import { featureResultOf } from "./results.js";

/** An observer that does nothing. Evaluations build their results if there is any observer. */
const UNWATCHED: Observer = { viewed: (outcome) => outcome, used() {} };

/**
 * Evaluates a feature as the vendor's SDK does.
 *
 * @throws MalformedError if the vendor's SDK throws. The message contains the JSON path.
 */
export function evalFeature(key: string, context: EvaluationCall): FeatureResult {
  const observer = beginObserved(context);
  try {
    const decision = decideFeature(key, context);
    context.decided = decision;
    return featureResultOf(decision, context);
  } finally {
    context.observer = observer;
  }
}

/** Decides a feature without building its result, unless an observer needs it. */
export function decideAlone(key: string, context: EvaluationCall): Decision {
  context.begin();
  return decideFeature(key, context);
}

/**
 * Runs an experiment that is not part of a feature.
 *
 * @throws TypeError if the vendor's SDK throws.
 */
export function runExperiment<T>(
  experiment: Experiment<T>,
  featureId: string | null,
  context: EvaluationCall,
  options: CompileOptions = UNREPORTED,
): Result<T> {
  const observer = beginObserved(context);
  try {
    const given = withOverrides(experiment, context);
    const wire = given as unknown as ExperimentWire;
    const origin = { experiment: wire, path: "experiment", former: experiment };
    const compiled = compileExperiment(origin, options);
    run(compiled, compiled.ranges, featureId, given, context);
    return context.outcome?.made.result as Result<T>; // set, because there is an observer
  } finally {
    context.observer = observer;
  }
}

/**
 * Makes the evaluation build its results, even without an observer.
 *
 * @returns the original observer, to be restored afterwards.
 */
function beginObserved(context: EvaluationCall): Observer | null {
  const { observer } = context;
  context.begin();
  context.observer = observer ?? UNWATCHED;
  return observer;
}
