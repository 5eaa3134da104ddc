/** A variation that replaces the evaluation of a flag. */
export interface Override {
  /** Variation key, as details report it. */
  readonly key: string;
  readonly value: unknown;
}
