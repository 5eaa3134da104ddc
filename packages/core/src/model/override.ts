/** A variation that replaces the evaluation of a flag. The type of its value is not checked. */
export interface Override {
  /** Variation key, as details report it. */
  readonly key: string;
  readonly value: unknown;
}
