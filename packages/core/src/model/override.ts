/** A variation that replaces whatever a flag would have assigned. Its value's type is not checked. */
export interface Override {
  /** Variation key, as details report it. */
  readonly key: string;
  readonly value: unknown;
}
