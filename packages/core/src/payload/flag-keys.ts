/** Keys of the flags of a payload. Payloads with the same keys share one object. */
export interface FlagKeys {
  /** In the order of their first occurrence in the payload: the index of a key is its number. */
  readonly byNumber: readonly string[];
  /** In the order of the members of a parsed object. */
  readonly numbers: ReadonlyMap<string, number>;
  /** In the same order. */
  readonly set: ReadonlySet<string>;
}

/** Remembers the keys of the last payload: most often the next one has the same. */
export class KeyMemory {
  /** `null` if no payload was read, or it was too small to be indexed. */
  latest: FlagKeys | null = null;
}
