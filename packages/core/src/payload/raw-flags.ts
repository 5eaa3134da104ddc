/**
 * The flags of a payload as they were received, undecoded, by key. Of two with the same key the later
 * one counts, in the place of the first; keys that are array indices come first, in their order: as
 * with the members of a parsed object.
 */
export interface RawFlags {
  /** Keys of all flags, whatever is wrong with them, in order. */
  readonly keys: ReadonlySet<string>;
  /** A number of its own below the number of flags, in no order; `undefined` without such a flag. */
  numberOf(key: string): number | undefined;
  /**
   * The parsed value of a flag, a fresh one or the payload's own: not to be changed.
   *
   * @param path - where the flag is, for the error.
   * @throws DecodeError if its text is no JSON.
   */
  read(key: string, path: string): unknown;
  /** Whether a flag is here what it is there. A difference in blanks may count as one. */
  isSame(key: string, there: RawFlags): boolean;
}

/** Where the flags of a payload are. */
export interface FlagsPlace {
  /** Member of the payload's root that holds them; `null`: the root is the flags. */
  readonly member: string | null;
  /** An object of flags by their keys, or a list of flags that say their keys themselves. */
  readonly shape: "map" | "list";
  /** In a list: the member of a flag that is its key. */
  readonly keyMember?: string;
}

/** A payload with its flags apart. */
export interface FlagsDocument {
  /**
   * The parsed payload. Where the flags were cut out it has `null` in their place, and is `null` if it
   * is nothing else.
   */
  readonly root: unknown;
  /** `null` if there are none in that place, or they have another shape. */
  readonly flags: RawFlags | null;
}
