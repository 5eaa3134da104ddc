import type { EvaluationErrorCode } from "../errors/errors.js";
import type { DefaultReason } from "../model/evaluation.js";
import type {
  AllocationDescription,
  ConditionDescription,
  FlagDescription,
  RuleDescription,
  ShardDescription,
  SplitDescription,
} from "./description.js";

/**
 * Outcome of a test. What was not needed for the answer was not reached; `unknown`: the vendor's rules
 * cannot decide it with the given data, and `reason` says what is missing.
 */
export type TestOutcome = "holds" | "fails" | "unknown" | "error" | "not-reached";

/** Outcome of an allocation. `unknown`: it depends on a rule or a split that is. */
export type AllocationOutcome =
  | "applies"
  | "not-started"
  | "ended"
  | "no-rule-holds"
  | "no-split-matches"
  | "unknown"
  | "error"
  | "not-reached";

/** What one evaluation tested, with the outcomes. Observed, not evaluated a second time. */
export interface Explanation {
  readonly flagKey: string;
  readonly subjectKey: string;
  /** As `AssignmentDetails.reason`, except that overrides have a value of their own. */
  readonly reason: "assigned" | "override" | DefaultReason | EvaluationErrorCode;
  /** Message of the error; `null` without one. */
  readonly error: string | null;
  /** `null` if there is no such flag, or it could not be decoded. */
  readonly flag: ExplainedFlag | null;
}

/** A flag with the outcome of each allocation. */
export interface ExplainedFlag extends FlagDescription {
  readonly allocations: readonly ExplainedAllocation[];
}

/** An allocation with its outcome and the reasons for it. */
export interface ExplainedAllocation extends AllocationDescription {
  readonly outcome: AllocationOutcome;
  /**
   * What the outcome depends on. Where the allocation applies: all conditions of the rule that holds,
   * and all shard conditions of the split. Where no split matches: the same rule, and the false shard
   * condition of each split. Where no rule holds: the false conditions of each. An error: what failed.
   */
  readonly decidedBy: readonly Decider[];
  readonly rules: readonly ExplainedRule[];
  readonly splits: readonly ExplainedSplit[];
}

/** A place in an allocation. Indices count from 0. */
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
  /** The subject's value; `undefined`: it has none, or it was not read. */
  readonly actual: unknown;
  /** Why it has this outcome, for people; empty if it was not reached. */
  readonly reason: string;
}

/** A split with its outcome. */
export interface ExplainedSplit extends SplitDescription {
  /** `error` also if the subject matches but the variation cannot be returned. */
  readonly outcome: TestOutcome;
  /** Message of the error; empty without one. */
  readonly reason: string;
  readonly shards: readonly ExplainedShard[];
}

/** A shard condition with its outcome. */
export interface ExplainedShard extends ShardDescription {
  readonly outcome: TestOutcome;
  /** The subject's shard; `null` if it was not computed or does not exist. */
  readonly shard: number | null;
  /** Message of the error; empty without one. */
  readonly reason: string;
}
