import type { Decoded, JsonObject } from "../conditions/decode.js";
import type { How } from "../model/evaluation.js";
import type { RawFlags } from "../payload/raw-flags.js";

/** Half-open interval of shard numbers: `start <= shard < end`. Floats are legal. */
export interface RangeWire {
  readonly start: number;
  readonly end: number;
}

/** A range as received. Its start is converted first, its end only for shards from the start on. */
export interface BoundsWire {
  readonly start: Decoded<number>;
  readonly end: Decoded<number>;
}

/** One shard condition of a split. */
export interface ShardWire {
  readonly salt: Decoded<string>;
  readonly ranges: readonly Decoded<BoundsWire>[];
  /** Size of its shard space, where a format has one in each shard condition. Absent: that of the flag. */
  readonly totalShards?: number;
}

/** Part of an allocation's traffic that gets one variation. */
export interface SplitWire {
  readonly shards: Decoded<readonly Decoded<ShardWire>[]>;
  readonly variationKey: Decoded<string>;
  readonly extraLogging: Readonly<Record<string, string>>;
  /** What another format than Eppo's decides for each split. */
  readonly facts?: SplitFacts;
}

/** What the outcome of a split has, where a format decides it otherwise than Eppo's. */
export interface SplitFacts {
  readonly how: How;
  /** Whether its assignments are logged. */
  readonly isLogged: boolean;
  /** Members of its events. */
  readonly eventFields: Readonly<Record<string, unknown>>;
}

/** One test of an attribute. Which values are legal depends on the operator. */
export interface ConditionWire {
  readonly attribute: string;
  readonly operator: unknown;
  readonly value: unknown;
}

/** Conditions that must all hold; `wire` is the rule exactly as received, for details. */
export interface RuleWire {
  readonly wire: JsonObject;
  readonly conditions: Decoded<readonly Decoded<ConditionWire>[]>;
}

/** Ordered candidate of a flag: window, rules, splits. */
export interface AllocationWire {
  readonly key: string;
  /** Epoch ms; NaN: no bound. */
  readonly startAtMs: Decoded<number>;
  readonly endAtMs: Decoded<number>;
  /** Whether the allocation is over at `endAtMs`. Absent: that is its last millisecond. */
  readonly isEndExclusive?: boolean;
  /** Empty: every subject passes. */
  readonly rules: Decoded<readonly Decoded<RuleWire>[]>;
  readonly splits: Decoded<readonly Decoded<SplitWire>[]>;
  /** As received: only its truth counts, but precomputed configurations repeat it. */
  readonly doLog: unknown;
}

/** A variation of a flag. JSON values are strings. */
export interface VariationWire {
  readonly key: string;
  readonly value: unknown;
}

/** A flag of a UFC body, plain. */
export interface FlagWire {
  /** The key inside the flag, which may differ from the one that it is found by. */
  readonly key: string;
  readonly isEnabled: boolean;
  /** `BOOLEAN`, `INTEGER`, `NUMERIC`, `STRING` or `JSON`; anything else matches no getter. */
  readonly variationType: unknown;
  readonly variations: Decoded<ReadonlyMap<string, Decoded<VariationWire>>>;
  readonly allocations: readonly AllocationWire[];
  /** Size of the shard space, normally 10 000. */
  readonly totalShards: Decoded<number>;
  /** As received: a number, by its type. Events repeat it. */
  readonly entityId: unknown;
}

/** The parts of a UFC body that are read when it is loaded; flags are decoded on their first use. */
export interface FlagsBody {
  readonly createdAt: string;
  /** `SERVER`, `CLIENT`, …; empty if it is missing. */
  readonly format: string;
  readonly environment: string | null;
  readonly flags: RawFlags;
  /** The body, for the parts other than flags. */
  readonly root: JsonObject;
}
