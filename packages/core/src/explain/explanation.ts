import type { EvaluationErrorCode } from "../errors/errors.js";
import type { Configuration } from "../model/configuration.js";
import type { DefaultReason } from "../model/evaluation.js";
import type {
  AllocationDescription,
  BanditDescription,
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

/** What one evaluation looked at, and what it found: an observation, not a second evaluation. */
export interface Explanation {
  readonly flagKey: string;
  readonly subjectKey: string;
  /** As `AssignmentDetails.reason`, but that overrides have a word of their own. */
  readonly reason: "assigned" | "override" | DefaultReason | EvaluationErrorCode;
  /** What went wrong; `null` if nothing did. */
  readonly error: string | null;
  /** `null` if there is no such flag, or it is damaged as a whole. */
  readonly flag: ExplainedFlag | null;
}

/** The flag, and what became of each allocation. */
export interface ExplainedFlag extends FlagDescription {
  readonly allocations: readonly ExplainedAllocation[];
}

/** An allocation, and why it applied or did not. */
export interface ExplainedAllocation extends AllocationDescription {
  readonly outcome: AllocationOutcome;
  /**
   * What the outcome hangs on. Where the allocation applies: all conditions of the rule that holds,
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
  /** A rule that has no conditions to look into. */
  | { readonly kind: "rule"; readonly rule: number }
  | { readonly kind: "shard"; readonly split: number; readonly shard: number }
  /** A split that has no shards to look into. */
  | { readonly kind: "split"; readonly split: number };

/** A rule, and what came of it. */
export interface ExplainedRule extends RuleDescription {
  readonly outcome: TestOutcome;
  readonly conditions: readonly ExplainedCondition[];
}

/** A condition, and what came of it. */
export interface ExplainedCondition extends ConditionDescription {
  readonly outcome: TestOutcome;
  /** The subject's value; `undefined`: it has none, or was not asked. */
  readonly actual: unknown;
  /** Why it came out like that, for people; empty if it was not reached. */
  readonly reason: string;
}

/** A split, and what came of it. */
export interface ExplainedSplit extends SplitDescription {
  /** An error also where the subject falls into it, but its variation cannot be given. */
  readonly outcome: TestOutcome;
  /** What went wrong; empty if nothing did. */
  readonly reason: string;
  readonly shards: readonly ExplainedShard[];
}

/** A shard condition, and what came of it. */
export interface ExplainedShard extends ShardDescription {
  readonly outcome: TestOutcome;
  /** Where the subject lies; `null` if that was not asked or there is no such place. */
  readonly shard: number | null;
  /** What went wrong; empty if nothing did. */
  readonly reason: string;
}

/** A configuration under observation. */
export interface ExplainingConfiguration {
  /** Answers exactly as the original. To be served by a client of its own. */
  readonly configuration: Configuration;
  /** How the last call of a details getter came to its answer; `null` before the first. */
  explanation(): Explanation | null;
}

/**
 * Tells people what the configurations of one dialect contain, and how they decide. It is not part
 * of `Dialect`, so that applications which explain nothing need not carry it.
 */
export interface Explainer {
  /**
   * What a flag consists of, broken and disabled ones included.
   *
   * @param flagKey - one of `configuration.flagKeys`.
   */
  describe(configuration: Configuration, flagKey: string): FlagDescription;
  /** The bandits of a configuration. */
  describeBandits(configuration: Configuration): readonly BanditDescription[];
  /** The same configuration, under observation. */
  explaining(configuration: Configuration): ExplainingConfiguration;
}
