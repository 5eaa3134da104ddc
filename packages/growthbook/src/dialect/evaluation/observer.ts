import type { EvaluationCall } from "./evaluation-call.js";
import type { ObservedOutcome } from "./experiment/outcome.js";
import type { Decision } from "./feature/decision.js";

/** Watches evaluations. All methods are called in the order of the vendor's SDK. */
export interface Observer {
  /**
   * A user was bucketed, or a rule has results of a server. Called each time, also for results seen before.
   *
   * @returns the outcome that callers see: this one, or a former equal one that no caller has read.
   */
  viewed(outcome: ObservedOutcome, context: EvaluationCall): ObservedOutcome;
  /** A feature was evaluated, parents first; its result is that of `featureResultOf`. Not called for forced values. */
  used(featureKey: string, decision: Decision, context: EvaluationCall): void;
  /** A user was bucketed in the experiment of a change. */
  completed?(changeId: string): void;
  /** An experiment of a rule was run. */
  ran?(outcome: ObservedOutcome): void;
  /** A step, in the vendor's words. */
  readonly log?: ((message: string, details: Record<string, unknown>) => void) | undefined;
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
