import type { JsonObject } from "../conditions/decode.js";

/**
 * The flags of a payload as received, undecoded, by key. If a key occurs twice, the later flag counts, at
 * the position of the first; keys that are array indices come first, ascending: as with the members of a
 * parsed object.
 */
export interface RawFlags {
  /** Keys of all flags in order, including malformed ones. */
  readonly keys: ReadonlySet<string>;
  /** A unique number below the number of flags, in no order; `undefined` if there is no such flag. */
  numberOf(key: string): number | undefined;
  /**
   * The parsed flag. It may be a fresh value or the payload's own: do not modify it.
   *
   * @param path - JSON path of the flag, for the error.
   * @throws DecodeError if it is not JSON.
   */
  read(key: string, path: string): unknown;
  /** Whether a flag has the same content in both. A difference in white space may count as one. */
  isSame(key: string, there: RawFlags): boolean;
}

/** Where the flags of a payload are. */
export interface FlagsPlace {
  /** Member of the payload's root that contains them; `null`: the root itself. */
  readonly member: string | null;
  /** `map`: an object of flags by key. `list`: an array of flags that contain their keys. */
  readonly shape: "map" | "list";
  /** For a list: the member of a flag that is its key. */
  readonly keyMember?: string;
  /** For a list: which flags exist. Of several with one key, the last one that exists counts. Default: all do. */
  readonly exists?: (flag: JsonObject) => boolean;
}

/** A payload split into its flags and the rest. */
export interface FlagsDocument {
  /**
   * The parsed payload. If the payload was indexed, it has `null` in place of the flags, and is `null` if
   * the root itself is the flags.
   */
  readonly root: unknown;
  /** `null` if there are none at that place, or they have another shape. */
  readonly flags: RawFlags | null;
}
