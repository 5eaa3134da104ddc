import type { Experiment, FeatureResult, Result } from "../wire.js";
import type { EvaluationCall } from "./evaluation-call.js";

/** Watches evaluations. All methods are called in the order of the vendor's SDK. */
export interface Observer {
  /** A user was bucketed, or a rule has results of a server. Called each time, also for results seen before. */
  viewed(experiment: Experiment<unknown>, result: Result<unknown>): void;
  /** A feature was evaluated, parents first. Not called for forced values. */
  used(featureKey: string, result: FeatureResult): void;
  /** An experiment of a rule was run. */
  ran?(experiment: Experiment<unknown>, result: Result<unknown>): void;
  /** A step, in the vendor's words. */
  readonly log?: ((message: string, details: object) => void) | undefined;
  /** A part of a rule was tested. `owner`: the rule as it was compiled, or its experiment. */
  readonly tested?:
    | ((owner: object, part: TestedPart, outcome: number, context: EvaluationCall) => void)
    | undefined;
  /** A rule is about to be tried, also one of a prerequisite. */
  readonly reached?: ((rule: object) => void) | undefined;
}

/**
 * A part of a rule. The outcome of a test is the index of the element that failed, -1 if none did; of
 * `bucket`, `namespace` and `rollout` it is the bucket number.
 */
export type TestedPart = "parents" | "filters" | "condition" | "namespace" | "rollout" | "bucket";
