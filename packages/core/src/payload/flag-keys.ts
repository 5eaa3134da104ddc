/** The flag keys of a payload. Payloads with the same keys share one object. */
export interface FlagKeys {
  /** Keys in the order of their first occurrence in the payload. The index of a key is its number. */
  readonly byNumber: readonly string[];
  /** Number by key, in the order of members in a parsed object. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Keys in the same order. */
  readonly set: ReadonlySet<string>;
}

/** Remembers the keys of the last payload, because the next one usually has the same keys. */
export class KeyMemory {
  /** `null` if no payload was read, or the last one was too small to be indexed. */
  latest: FlagKeys | null = null;
}
