import type { EvaluationCall } from "./evaluation-call.js";
import type { ObservedOutcome } from "./experiment/outcome.js";
import type { Decision } from "./feature/decision.js";

/** Observes evaluations. Methods are called in the same order as in the vendor's SDK. */
export interface Observer {
  /**
   * Called each time that a user is bucketed or that a rule contains results from a server, including repeated results.
   *
   * @returns the outcome for callers: this one, or an earlier equal one that no caller has read.
   */
  viewed(outcome: ObservedOutcome, context: EvaluationCall): ObservedOutcome;
  /**
   * Called for each evaluated feature, parents first, but not for forced values. `featureResultOf` returns its result.
   */
  used(featureKey: string, decision: Decision, context: EvaluationCall): void;
  /** Called when a user is bucketed in the experiment of a change. */
  completed?(changeId: string): void;
  /** Called when the experiment of a rule was run. */
  ran?(outcome: ObservedOutcome): void;
  /** Logs a step in the vendor's words. */
  readonly log?: ((message: string, details: Record<string, unknown>) => void) | undefined;
  /** Called when a part of a rule was tested. `owner` is the compiled rule or its experiment. */
  readonly tested?:
    | ((owner: object, part: TestedPart, outcome: number, context: EvaluationCall) => void)
    | undefined;
  /** Called before a rule is tried, including malformed rules and rules of prerequisites. */
  readonly reached?: ((rule: object) => void) | undefined;
}

/**
 * A part of a rule. The outcome of a test is the index of the element that failed, or -1 if none did. For `bucket`,
 * `namespace` and `rollout`, it is the bucket number.
 */
export type TestedPart = "parents" | "filters" | "condition" | "namespace" | "rollout" | "bucket";
