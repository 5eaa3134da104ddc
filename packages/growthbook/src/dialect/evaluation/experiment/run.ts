import type { Experiment } from "../../wire.js";
import type { EvaluationCall } from "../evaluation-call.js";
import { armOf } from "./arm.js";
import { chooseVariation } from "./choose.js";
import { type CompiledExperiment, checkMeta } from "./experiment.js";
import { LazyOutcome } from "./lazy-outcome.js";
import type { CompiledRanges } from "./ranges.js";
import { saveAssignment } from "./sticky.js";

/**
 * Runs an experiment: chooses the variation, saves the sticky bucket, and notifies the observer. The result is
 * also recorded in the context, which describes the experiment that ran last.
 *
 * @param given - the experiment to pass to observers, or `null` to pass the rule's.
 * @returns the index of the variation, which is 0 if the user is not in the experiment.
 */
export function run(
  experiment: CompiledExperiment,
  ranges: CompiledRanges | Error,
  featureId: string | null,
  given: Experiment<unknown> | null,
  context: EvaluationCall,
): number {
  let variation = chooseVariation(experiment, ranges, context);
  const isIn = !(variation < 0 || variation >= experiment.variations.length);
  if (!isIn) variation = 0;
  context.isIn = isIn;
  checkMeta(experiment, variation);
  const { observer } = context;
  const outcome =
    observer === null ? null : new LazyOutcome(experiment, variation, featureId, given, context);
  context.outcome = outcome;
  if (!context.hashUsed) return variation;
  if (context.sticky !== null && experiment.usesSticky) {
    const { key } = armOf(experiment, variation);
    saveAssignment(experiment, context.sticky, context.hashAttribute, context.hashValue, key);
  }
  if (observer !== null && outcome !== null) {
    context.outcome = observer.viewed(outcome, context);
    const changeId = (given as { readonly changeId?: string } | null)?.changeId;
    if (changeId) observer.completed?.(changeId);
    observer.log?.("In experiment", { id: experiment.key, variation });
  }
  return variation;
}
