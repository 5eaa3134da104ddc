import type { Decoded } from "../conditions/decode.js";
import type { Evaluation, How } from "../model/evaluation.js";
import type { ExposureBase } from "../model/exposure.js";
import type { CompiledFlag } from "../model/flag.js";
import type { CompiledRule } from "./condition/rule.js";
import type { CompiledShard } from "./evaluation/shard.js";
import type { VariationWire } from "./wire.js";

/** A split that cannot assign its variation. `cause` is thrown when the split is reached. */
export interface SplitFailure {
  readonly kind: "failure";
  readonly cause: Error;
  /** The evaluation if no type is expected. `null`: it fails too. */
  readonly untyped: Evaluation | null;
}

/** The facts that the outcomes of all splits of a flag share. */
export interface FlagFacts {
  readonly flagKey: string;
  /** The key inside the flag, which exposures contain. `null`: it is hashed. */
  readonly featureFlag: string | null;
  readonly variationType: unknown;
  readonly eventFields: ExposureBase["eventFields"] & object;
}

/**
 * Part of an allocation's traffic that gets one variation. The time to evaluate many flags depends on how much memory
 * that touches. So the members that an evaluation reads come first, with few objects in between.
 */
export interface CompiledSplit {
  /** The first shard condition, stored separately because most splits have only one. `null`: all subjects match. */
  readonly shard: CompiledShard | null;
  /** Further shard conditions, which must all be met too. `null`: there are none. */
  readonly furtherShards: readonly CompiledShard[] | null;
  /** Outcome for the subjects that the split matches. */
  readonly outcome: Evaluation | SplitFailure;
  readonly variationKey: string;
  readonly extraLogging: Readonly<Record<string, string>>;
  /** The variation for details. `null`: it was not found, or details do not name it. */
  readonly variation: VariationWire | null;
}

/** When an allocation is active, in epoch ms. NaN: no bound. */
export interface Window {
  readonly startAtMs: number;
  readonly endAtMs: number;
  /** Whether the window excludes `endAtMs`. The start is always included. */
  readonly isEndExclusive: boolean;
  /** Thrown when the first unreadable bound is reached. `null`: both are readable. */
  readonly failure: Error | null;
}

/** An allocation of a flag. They are tried in order. */
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
  /** Whether its splits exclude some subjects or have several variations. */
  readonly isSplit: boolean;
  readonly flag: FlagFacts;
}

/** A flag of a UFC body, ready to be evaluated. */
export interface UfcFlag extends CompiledFlag {
  readonly isEnabled: boolean;
  /** Whether conditions name attributes by their hashes. */
  readonly isObfuscated: boolean;
  /** The type as in the payload, for messages. */
  readonly variationType: unknown;
  readonly allocations: readonly CompiledAllocation[];
  /** `null` if they cannot be decoded. */
  readonly variations: ReadonlyMap<string, Decoded<VariationWire>> | null;
  /** Number of different salts of its splits. */
  readonly saltCount: number;
  /** Set if the flag could not be decoded at all, in which case details are empty. */
  readonly failure: Error | null;
}
