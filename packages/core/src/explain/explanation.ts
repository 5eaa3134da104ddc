import type { EvaluationOrigin } from "../model/evaluation-origin.js";
import type {
  AllocationDescription,
  ConditionDescription,
  FlagDescription,
  RuleDescription,
  ShardDescription,
  SplitDescription,
} from "./description.js";

/**
 * Outcome of a test. `not-reached`: the test was not needed for the result. `unknown`: the vendor's rules cannot decide
 * it with the given data, and `reason` names the missing data.
 */
export type TestOutcome = "holds" | "fails" | "unknown" | "error" | "not-reached";

/** Outcome of an allocation. `unknown`: it depends on a rule or a split with an unknown outcome. */
export type AllocationOutcome =
  | "applies"
  | "not-started"
  | "ended"
  | "no-rule-holds"
  | "no-split-matches"
  | "unknown"
  | "error"
  | "not-reached";

/** The tests of one evaluation with their outcomes. They are observed during the evaluation, not evaluated again. */
export interface Explanation extends Pick<EvaluationOrigin, "reason" | "errorCode"> {
  readonly flagKey: string;
  readonly subjectKey: string;
  /** Message of the error, or `null`. */
  readonly error: string | null;
  /** `null` if the flag does not exist or could not be decoded. */
  readonly flag: ExplainedFlag | null;
}

/** A flag with the outcome of each allocation. */
export interface ExplainedFlag extends FlagDescription {
  /** Attributes that the evaluation needed and the subject lacks, such as `plan` or `$groups.company`. Default: not known. */
  readonly missing?: readonly string[];
  readonly allocations: readonly ExplainedAllocation[];
}

/** An allocation with its outcome and the reasons for it. */
export interface ExplainedAllocation extends AllocationDescription {
  readonly outcome: AllocationOutcome;
  /**
   * The tests that decided the outcome. If the allocation applies: all conditions of the matching rule, and all shard
   * conditions of the split. If no split matches: the same rule, and the shard condition that was not met in each
   * split. If no rule matches: the conditions that did not match in each rule. For an error: the tests that failed.
   */
  readonly decidedBy: readonly Decider[];
  readonly rules: readonly ExplainedRule[];
  readonly splits: readonly ExplainedSplit[];
}

/** A part of an allocation. Indices start at 0. */
export type Decider =
  | { readonly kind: "window"; readonly bound: "start" | "end" }
  | { readonly kind: "condition"; readonly rule: number; readonly condition: number }
  /** A rule without conditions. */
  | { readonly kind: "rule"; readonly rule: number }
  | { readonly kind: "shard"; readonly split: number; readonly shard: number }
  /** A split without shard conditions. */
  | { readonly kind: "split"; readonly split: number };

/** A rule with its outcome. */
export interface ExplainedRule extends RuleDescription {
  readonly outcome: TestOutcome;
  readonly conditions: readonly ExplainedCondition[];
}

/** A condition with its outcome. */
export interface ExplainedCondition extends ConditionDescription {
  readonly outcome: TestOutcome;
  /** The subject's value. `undefined`: it has none, or it was not read. */
  readonly actual: unknown;
  /** Readable reason for this outcome. Empty if it was not reached. */
  readonly reason: string;
}

/** A split with its outcome. */
export interface ExplainedSplit extends SplitDescription {
  /** Also `error` if the subject matches but the variation cannot be returned. */
  readonly outcome: TestOutcome;
  /** Message of the error, or empty. */
  readonly reason: string;
  readonly shards: readonly ExplainedShard[];
}

/** A shard condition with its outcome. */
export interface ExplainedShard extends ShardDescription {
  readonly outcome: TestOutcome;
  /** The subject's shard. `null` if it was not computed or does not exist. */
  readonly shard: number | null;
  /** Message of the error, or empty. */
  readonly reason: string;
}
