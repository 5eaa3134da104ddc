import type { Evaluation, How } from "../model/evaluation.js";
import type { ExposureBase } from "../model/exposure.js";
import type { CompiledFlag } from "../model/flag.js";
import type { CompiledRule } from "./condition/rule.js";
import type { CompiledShard } from "./evaluation/shard.js";
import type { VariationWire } from "./wire.js";

/** A split that cannot assign its variation: `cause` is thrown when it is reached. */
export interface SplitFailure {
  readonly kind: "failure";
  readonly cause: Error;
  /** What it assigns where no type is expected; `null`: nothing. */
  readonly untyped: Evaluation | null;
}

/** What the outcomes of all splits of one flag have in common. */
export interface FlagFacts {
  readonly flagKey: string;
  /** The key inside the flag, as exposures name it; `null`: it is hashed. */
  readonly featureFlag: string | null;
  readonly variationType: unknown;
  readonly eventFields: ExposureBase["eventFields"] & object;
}

/**
 * Part of an allocation's traffic that gets one variation. The time of evaluating many flags depends on how
 * much memory that touches: what an evaluation reads comes first, with few objects in between.
 */
export interface CompiledSplit {
  /** The first shard condition, separate because most splits have only one; `null`: all subjects match. */
  readonly shard: CompiledShard | null;
  /** All of them must hold, too; `null`: there are none. */
  readonly furtherShards: readonly CompiledShard[] | null;
  /** For the subjects that the split matches. */
  readonly outcome: Evaluation | SplitFailure;
  readonly variationKey: string;
  readonly extraLogging: Readonly<Record<string, string>>;
  /** `null`: it was not found, or details do not name it. */
  readonly variation: VariationWire | null;
}

/** When an allocation is active; epoch ms, NaN: no bound. */
export interface Window {
  readonly startAtMs: number;
  readonly endAtMs: number;
  /** Whether it is over at `endAtMs`. The start is always included. */
  readonly isEndExclusive: boolean;
  /** Thrown when the first bound that cannot be read is reached; `null`: both can. */
  readonly failure: Error | null;
}

/** Ordered candidate of a flag. */
export interface CompiledAllocation {
  readonly key: string;
  /** `null`: always active. */
  readonly window: Window | null;
  /** `null`: every subject passes. */
  readonly rules: readonly CompiledRule[] | null;
  readonly splits: readonly CompiledSplit[];
  /** As received. */
  readonly doLog: unknown;
  readonly how: How;
  readonly flag: FlagFacts;
}

/** A flag of a UFC body, ready to be evaluated. */
export interface UfcFlag extends CompiledFlag {
  readonly isEnabled: boolean;
  /** Whether conditions name attributes by their hashes. */
  readonly isObfuscated: boolean;
  /** The type as the payload has it, for messages. */
  readonly variationType: unknown;
  readonly allocations: readonly CompiledAllocation[];
  /** Number of different salts of its splits. */
  readonly saltCount: number;
  /** Set when the flag could not be decoded at all; details are then empty. */
  readonly failure: Error | null;
}
