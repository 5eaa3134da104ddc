import type { Experiment } from "../../wire.js";
import type { EvaluationCall } from "../evaluation-call.js";
import { resultOf } from "../results.js";
import { armOf } from "./arm.js";
import { chooseVariation } from "./choose.js";
import { type CompiledExperiment, checkMeta } from "./experiment.js";
import type { CompiledRanges } from "./ranges.js";
import { saveAssignment } from "./sticky.js";

/**
 * Runs an experiment: chooses the variation, keeps the sticky bucket, tells the observer. Sets what the
 * context says of the experiment that ran last.
 *
 * @param given - the experiment as observers get it; `null`: nothing but the variation is wanted.
 * @returns index of the variation; 0 also if the user is out.
 */
export function run(
  experiment: CompiledExperiment,
  ranges: CompiledRanges | Error,
  featureId: string | null,
  given: Experiment<unknown> | null,
  context: EvaluationCall,
): number {
  let variation = chooseVariation(experiment, ranges, context);
  const isIn = !(variation < 0 || variation >= experiment.count);
  if (!isIn) variation = 0;
  context.isIn = isIn;
  checkMeta(experiment, variation);
  if (given !== null) {
    context.experiment = given;
    context.result = resultOf(experiment, variation, featureId, context);
  }
  if (!context.hashUsed) return variation;
  if (context.sticky !== null && experiment.usesSticky) {
    const { key } = armOf(experiment, variation);
    saveAssignment(experiment, context.sticky, context.hashAttribute, context.hashValue, key);
  }
  if (given !== null && context.result !== null) {
    context.observer?.viewed(given, context.result);
    context.observer?.log?.("In experiment", { id: experiment.key, variation });
  }
  return variation;
}
