import type { Decoded, JsonObject } from "../conditions/decode.js";
import type { How } from "../model/evaluation.js";
import type { RawFlags } from "../payload/raw-flags.js";

/** Half-open interval of shard numbers, `start <= shard < end`. The bounds may be fractions. */
export interface RangeWire {
  readonly start: number;
  readonly end: number;
}

/** A range as received. Its start is converted first, and its end only for shards at or after the start. */
export interface BoundsWire {
  readonly start: Decoded<number>;
  readonly end: Decoded<number>;
}

/** One shard condition of a split. */
export interface ShardWire {
  readonly salt: Decoded<string>;
  readonly ranges: readonly Decoded<BoundsWire>[];
  /** Number of shards, in formats that have it in each shard condition. Default: that of the flag. */
  readonly totalShards?: number;
}

/** Part of an allocation's traffic that gets one variation. */
export interface SplitWire {
  readonly shards: Decoded<readonly Decoded<ShardWire>[]>;
  readonly variationKey: Decoded<string>;
  readonly extraLogging: Readonly<Record<string, string>>;
  /** Facts that formats other than Eppo's decide for each split. */
  readonly facts?: SplitFacts;
}

/** Facts about a split's outcome, in formats that determine them differently than Eppo's. */
export interface SplitFacts {
  readonly how: How;
  /** Whether its assignments are logged. */
  readonly isLogged: boolean;
  /** Members of the events of its assignments. */
  readonly eventFields: Readonly<Record<string, unknown>>;
}

/** One test of an attribute. The valid values depend on the operator. */
export interface ConditionWire {
  readonly attribute: string;
  readonly operator: unknown;
  readonly value: unknown;
}

/** Conditions that must all match. `wire` is the rule exactly as received, for details. */
export interface RuleWire {
  readonly wire: JsonObject;
  readonly conditions: Decoded<readonly Decoded<ConditionWire>[]>;
}

/** An allocation of a flag, with a window, rules and splits. They are tried in order. */
export interface AllocationWire {
  readonly key: string;
  /** Epoch ms; NaN: no bound. */
  readonly startAtMs: Decoded<number>;
  readonly endAtMs: Decoded<number>;
  /** Whether the window excludes `endAtMs`. Default: false, `endAtMs` is its last millisecond. */
  readonly isEndExclusive?: boolean;
  /** Rules, one of which must match. Empty: every subject passes. */
  readonly rules: Decoded<readonly Decoded<RuleWire>[]>;
  readonly splits: Decoded<readonly Decoded<SplitWire>[]>;
  /** As received. Only its truthiness matters, but precomputed configurations repeat it. */
  readonly doLog: unknown;
}

/** A variation of a flag. JSON values are strings. */
export interface VariationWire {
  readonly key: string;
  readonly value: unknown;
}

/** A flag of a UFC body, plain. */
export interface FlagWire {
  /** The key inside the flag, which may differ from its key in the map. */
  readonly key: string;
  readonly isEnabled: boolean;
  /** `BOOLEAN`, `INTEGER`, `NUMERIC`, `STRING` or `JSON`. Anything else matches no getter. */
  readonly variationType: unknown;
  readonly variations: Decoded<ReadonlyMap<string, Decoded<VariationWire>>>;
  readonly allocations: readonly AllocationWire[];
  /** Number of shards, normally 10,000. */
  readonly totalShards: Decoded<number>;
  /** As received, normally a number. Events repeat it. */
  readonly entityId: unknown;
}

/** The parts of a UFC body that are read when it is loaded. Flags are decoded on first use. */
export interface FlagsBody {
  readonly createdAt: string;
  /** `SERVER`, `CLIENT`, … Empty if it is missing. */
  readonly format: string;
  readonly environment: string | null;
  readonly flags: RawFlags;
  /** The body, for parts other than flags. */
  readonly root: JsonObject;
}
