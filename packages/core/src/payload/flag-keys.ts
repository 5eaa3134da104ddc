/** The keys of a payload's flags. Payloads with the same keys share one of these. */
export interface FlagKeys {
  /** In the order in which the payload first names them: a key's place is its number. */
  readonly byNumber: readonly string[];
  /** In the order that an object would give them. */
  readonly numbers: ReadonlyMap<string, number>;
  /** In the same order. */
  readonly set: ReadonlySet<string>;
}

/** Knows the keys of the payload that was read last: the next one mostly has the same. */
export class KeyMemory {
  /** `null` if nothing was read, or what was read is too small to be remembered. */
  latest: FlagKeys | null = null;
}
