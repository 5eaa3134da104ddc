/**
 * How the two sides of a shadow differ. `value`: the values differ. `type`: the values have different types. `default`: one
 * side assigns a value, and the other returns the default. `split`: both sides assign by a split, and their vendors hash
 * independently. `only-in-primary`, `only-in-candidate`: the other side does not have the flag, or cannot evaluate it.
 * `failed`: the side that does not serve failed.
 */
export type DifferenceKind =
  | "value"
  | "type"
  | "default"
  | "split"
  | "only-in-primary"
  | "only-in-candidate"
  | "failed";

/** Comparison counts of one flag. */
export interface FlagComparison {
  readonly agree: number;
  readonly differ: Readonly<Record<DifferenceKind, number>>;
  /** Calls served by the other side because the chosen side had no value. */
  readonly servedByOther: number;
}

/** Counts of all comparisons since the shadow was created. */
export interface ShadowCounts {
  /** By the primary's flag key. */
  readonly flags: Readonly<Record<string, FlagComparison>>;
  readonly compared: number;
  /** Calls of sampled subjects that were not compared because other comparisons took too long. */
  readonly skipped: number;
}
