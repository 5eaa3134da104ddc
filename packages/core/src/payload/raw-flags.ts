import type { JsonObject } from "../conditions/decode.js";
import type { IssueList } from "./issue-list.js";

/**
 * The undecoded flags of a payload by key. The order is the same as for the members of a parsed object: if a key occurs
 * twice, the later flag wins, at the position of the first, and keys that are array indices come first, in ascending
 * order.
 */
export interface RawFlags {
  /** Keys of all flags in order, including malformed ones. */
  readonly keys: ReadonlySet<string>;
  /**
   * Returns a unique number below the number of flags, in no particular order, or `undefined` if the flag does not
   * exist.
   */
  numberOf(key: string): number | undefined;
  /**
   * Returns the parsed flag. It may be a new value or the payload's own, so do not modify it.
   *
   * @param path - JSON path of the flag, for the error.
   * @throws DecodeError if it is not JSON.
   */
  read(key: string, path: string): unknown;
  /** Issues of elements of a list that are not flags, because they are not objects or have no key. */
  readonly strays?: IssueList;
  /** Whether a flag has the same content in both payloads. A difference in white space may be treated as a change. */
  isSame(key: string, there: RawFlags): boolean;
}

/** Where the flags of a payload are. */
export interface FlagsPlace {
  /** Member of the payload's root that contains the flags. `null`: the root itself. */
  readonly member: string | null;
  /** `map`: an object of flags by key. `list`: an array of flags that contain their keys. */
  readonly shape: "map" | "list";
  /** For a list, the member of a flag that contains its key. */
  readonly keyMember?: string;
  /**
   * For a list, whether a flag exists. If several flags have the same key, the last one that exists wins. Default: all
   * flags exist.
   */
  readonly exists?: (flag: JsonObject) => boolean;
}

/** A payload split into its flags and the rest. */
export interface FlagsDocument {
  /**
   * The parsed payload. If the payload was indexed, it has `null` instead of the flags, or is `null` if the root itself
   * contains the flags.
   */
  readonly root: unknown;
  /** `null` if there are no flags at that place, or they have another shape. */
  readonly flags: RawFlags | null;
}
