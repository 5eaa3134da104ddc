/** A condition of a flag. Indices start at 0. */
export interface ConditionPlace {
  /** The key of its allocation, or the index if allocations can have the same key. */
  readonly allocation: string;
  readonly rule: number;
  readonly index: number;
}

/** The shards into which subjects are hashed with a salt. */
export interface ShardSpace {
  readonly salt: string;
  readonly totalShards: number;
}

/**
 * Records the tests of the requested flag, to explain its evaluation. Other evaluations have no recorder.
 * Outcomes are in the dialect's terms.
 */
export interface Recorder {
  /**
   * Records an allocation that was tried. The last outcome counts, except that an allocation with a rule that holds
   * applies, whatever its later rules do.
   *
   * @param tested - the outcome of its rules. An allocation without rules holds if it is reached.
   */
  tried(allocation: string, tested: unknown): void;
  /**
   * Tests a condition, and records the outcome or the error.
   *
   * @param actual - the value that is tested, or what the dialect reads it from.
   */
  condition<Tested>(place: ConditionPlace, actual: unknown, test: () => Tested): Tested;
  /**
   * Records the shard to which an allocation hashed the subject.
   *
   * @param space - without a salt if all shards of the allocation have the same.
   * @param shard - NaN: the subject is in no shard.
   * @param isIn - whether it is in the ranges. Default: `start <= shard < end`.
   */
  shard(allocation: string, space: Partial<ShardSpace>, shard: number, isIn?: boolean): void;
}
