import type { ValueType } from "../model/flag.js";

/**
 * What a flag consists of, in words that all dialects share: for people, and for tools that show
 * flags to them. Wherever a part is malformed, `problem` says so and the rest of that part is empty.
 */
export interface FlagDescription {
  /** As `Configuration.flagKeys` has it. */
  readonly key: string;
  /** See `CompiledFlag.valueType`. */
  readonly valueType: ValueType | "unknown" | null;
  readonly isEnabled: boolean;
  /** Whether conditions name attributes, and the texts they list, by hashes. */
  readonly isHashed: boolean;
  readonly variations: readonly VariationDescription[];
  /** In the order in which they are tried. */
  readonly allocations: readonly AllocationDescription[];
  readonly problem: string | null;
}

/** One arm of a flag. */
export interface VariationDescription {
  readonly key: string;
  /** As the payload has it: JSON values may be texts. */
  readonly value: unknown;
  readonly problem: string | null;
}

/** Ordered candidate of a flag. */
export interface AllocationDescription {
  readonly key: string;
  /** `null`: always open. */
  readonly window: WindowDescription | null;
  /** One must hold; empty: everybody passes. */
  readonly rules: readonly RuleDescription[];
  /** The first that the subject falls into wins. */
  readonly splits: readonly SplitDescription[];
  /** What each variation gets of those who pass the rules; `null`: cannot be told. */
  readonly traffic: TrafficShares | null;
  /** Whether assignments through it are logged. */
  readonly isLogged: boolean;
}

/** When an allocation is active, both ends included; epoch ms, `null`: no bound. */
export interface WindowDescription {
  readonly startAtMs: number | null;
  readonly endAtMs: number | null;
}

/** Conditions that must all hold. */
export interface RuleDescription {
  readonly conditions: readonly ConditionDescription[];
  readonly problem: string | null;
}

/** One test of an attribute. */
export interface ConditionDescription {
  readonly attribute: string;
  /** In the vendor's words. */
  readonly operator: string;
  /** What the attribute is compared with. */
  readonly expected: unknown;
  readonly problem: string | null;
}

/** Part of an allocation's traffic that gets one variation. */
export interface SplitDescription {
  readonly variation: string;
  /** The subject must be in all of them; empty: everybody is. */
  readonly shards: readonly ShardDescription[];
  readonly problem: string | null;
}

/** Ranges of the shards `[0, totalShards)` that a salt spreads subjects over. */
export interface ShardDescription {
  readonly salt: string;
  readonly totalShards: number;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  readonly problem: string | null;
}

/** A bandit that flags refer to, or whose model is there. */
export interface BanditDescription {
  readonly key: string;
  readonly hasModel: boolean;
  /** The flags' values behind which it chooses. */
  readonly behind: readonly { readonly flagKey: string; readonly value: unknown }[];
}

/** Shares of subjects, 0 … 1. What is missing to 1 gets nothing. */
export interface TrafficShares {
  readonly byVariation: ReadonlyMap<string, number>;
  readonly unassigned: number;
}
