import type { ValueType } from "../model/flag.js";

/**
 * Description of a flag in terms that all dialects share, for people and for tools that show flags. If a
 * part is malformed, `problem` says so and the rest of that part is empty.
 */
export interface FlagDescription {
  /** As `Configuration.flagKeys` has it. */
  readonly key: string;
  /** See `CompiledFlag.valueType`. */
  readonly valueType: ValueType | "unknown" | null;
  readonly isEnabled: boolean;
  /** Whether conditions contain hashes of attribute names and of listed strings. */
  readonly isHashed: boolean;
  readonly variations: readonly VariationDescription[];
  /** In the order in which they are tried. */
  readonly allocations: readonly AllocationDescription[];
  readonly problem: string | null;
}

/** A variation of a flag. */
export interface VariationDescription {
  readonly key: string;
  /** What people call it. Absent: its key. `null`: it has no name, only a value. */
  readonly name?: string | null;
  /** As the payload has it: JSON values may be strings. */
  readonly value: unknown;
  readonly problem: string | null;
}

/** Ordered candidate of a flag. */
export interface AllocationDescription {
  readonly key: string;
  /** `null`: always open. */
  readonly window: WindowDescription | null;
  /** One must hold; empty: every subject passes. */
  readonly rules: readonly RuleDescription[];
  /** The first one that matches the subject wins. */
  readonly splits: readonly SplitDescription[];
  /** Shares of the subjects that pass the rules, by variation; `null`: unknown. */
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
  /** As the vendor names it. */
  readonly operator: string;
  /** The value that the attribute is compared with. */
  readonly expected: unknown;
  readonly problem: string | null;
}

/** Part of an allocation's traffic that gets one variation. */
export interface SplitDescription {
  readonly variation: string;
  /** The subject must be in all of them; empty: every subject is. */
  readonly shards: readonly ShardDescription[];
  readonly problem: string | null;
}

/** Ranges of the shards `[0, totalShards)` that subjects are hashed into with a salt. */
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
  /** The values of flags behind which it chooses. */
  readonly behind: readonly { readonly flagKey: string; readonly value: unknown }[];
}

/** Shares of subjects, 0 … 1. The rest up to 1 is not assigned. */
export interface TrafficShares {
  readonly byVariation: ReadonlyMap<string, number>;
  readonly unassigned: number;
}
