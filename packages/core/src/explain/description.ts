import type { ValueType } from "../model/flag.js";

/**
 * Description of a flag in terms that all dialects share, for tools that show flags to people. If a part is malformed,
 * `problem` explains it and the rest of that part is empty.
 */
export interface FlagDescription {
  /** The key as in `Configuration.flagKeys`. */
  readonly key: string;
  /** See `CompiledFlag.valueType`. */
  readonly valueType: ValueType | "unknown" | null;
  readonly isEnabled: boolean;
  /** Whether conditions contain hashes of attribute names and of listed strings. */
  readonly isHashed: boolean;
  readonly variations: readonly VariationDescription[];
  /** In the order in which they are tried. */
  readonly allocations: readonly AllocationDescription[];
  /**
   * Whether the first allocation whose rules and ranges a subject meets decides. `false`: a condition may end the
   * evaluation before, or a server remembers earlier results.
   */
  readonly followsRanges: boolean;
  readonly problem: string | null;
}

/** A variation of a flag. */
export interface VariationDescription {
  readonly key: string;
  /** Display name. Default: the key. `null`: the variation has no name, only a value. */
  readonly name?: string | null;
  /** The value as in the payload. JSON values may be strings. */
  readonly value: unknown;
  readonly problem: string | null;
}

/** One of a flag's allocations, which are tried in order. */
export interface AllocationDescription {
  readonly key: string;
  /** `null`: always open. */
  readonly window: WindowDescription | null;
  /** Rules, one of which must match. Empty: every subject matches. */
  readonly rules: readonly RuleDescription[];
  /** Splits. The first one that matches the subject wins. */
  readonly splits: readonly SplitDescription[];
  /** What is hashed to place a subject in the splits. `null`: nothing, so all its subjects get the same variation. */
  readonly unit: HashedUnit | null;
  /** How subjects that match the rules are split. `null`: unknown. */
  readonly traffic: TrafficShares | null;
  /**
   * Shares of the subjects that take part in its experiment, if other subjects may get the same variations, and its
   * events tell them apart (`inExperiment`). `null`: every subject that gets a variation takes part.
   */
  readonly participants: ReadonlyMap<string, number> | null;
  /**
   * The holdout that keeps its subjects from the flag's treatments. If only some of its rules read the holdout's flag, the
   * subjects that meet these are held out. `null`: none, or unknown.
   */
  readonly holdout: string | null;
  /** Whether assignments through it are logged. */
  readonly isLogged: boolean;
}

/** What an allocation hashes to place a subject. In the flags of one vendor, units with the same name are the same. */
export interface HashedUnit {
  /** In the vendor's words, such as `user`, `group company` or `device`. */
  readonly name: string;
  /**
   * The attributes that are hashed instead of the subject's key, as callers name them, such as `org.key`: the first one
   * that the subject has. Empty: the key.
   */
  readonly attributes: readonly string[];
}

/** When an allocation is active, including both ends, in epoch ms. `null`: no bound. */
export interface WindowDescription {
  readonly startAtMs: number | null;
  readonly endAtMs: number | null;
}

/** Conditions that must all match. */
export interface RuleDescription {
  readonly conditions: readonly ConditionDescription[];
  readonly problem: string | null;
}

/** One test of an attribute. */
export interface ConditionDescription {
  readonly attribute: string;
  /** The vendor's name of the operator. */
  readonly operator: string;
  /** The value that the attribute is compared with. */
  readonly expected: unknown;
  readonly problem: string | null;
}

/** Part of an allocation's traffic that gets one variation. */
export interface SplitDescription {
  readonly variation: string;
  /** Shard conditions, which the subject must all meet. Empty: every subject matches. */
  readonly shards: readonly ShardDescription[];
  readonly problem: string | null;
}

/** Ranges of the shards `[0, totalShards)` into which subjects are hashed with a salt. */
export interface ShardDescription {
  readonly salt: string;
  readonly totalShards: number;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  readonly problem: string | null;
}

/** A bandit that flags refer to, or that has a model. */
export interface BanditDescription {
  readonly key: string;
  readonly hasModel: boolean;
  /** Flags that use this bandit, each with the variation value for which the bandit chooses an action. */
  readonly behind: readonly { readonly flagKey: string; readonly value: unknown }[];
}

/** Shares of subjects, from 0 to 1: those that get each variation, and those that get none. */
export interface TrafficShares {
  readonly byVariation: ReadonlyMap<string, number>;
  readonly unassigned: number;
}
