/** Type of a flag's values. */
export type VariationType = "STRING" | "INTEGER" | "NUMERIC" | "BOOLEAN" | "JSON";

/** A variation of a flag. */
export interface Variation {
  key: string;
  value: string | number | boolean;
}

/** Conditions that must all match. */
export interface Rule {
  conditions: Record<string, unknown>[];
}

/** Half-open interval of shard numbers: `start <= shard < end`. */
export interface ShardRange {
  start: number;
  end: number;
}

/** Part of the traffic, by a hash of salt and subject key. */
export interface Shard {
  salt: string;
  ranges: ShardRange[];
}

/** Part of an allocation's traffic that is assigned one variation. */
export interface Split {
  shards: Shard[];
  variationKey: string;
  extraLogging?: Record<string, string>;
}

/** An allocation of a flag: time window, rules and splits. */
export interface Allocation {
  key: string;
  rules?: Rule[];
  /** ISO 8601. */
  startAt?: string;
  /** ISO 8601. */
  endAt?: string;
  splits: Split[];
  doLog: boolean;
}

/** A flag as the server sends it. */
export interface Flag {
  key: string;
  enabled: boolean;
  variationType: VariationType;
  variations: Record<string, Variation>;
  allocations: Allocation[];
  totalShards: number;
  entityId?: number;
}
