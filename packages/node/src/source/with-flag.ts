import type { FlagsPlace } from "@sortition/core/dialect";
import { type PayloadSet, ProtocolError, spliceFlag } from "@sortition/core/internal";
import { withPart } from "./with-part.js";

/** Location of the flags in a set. */
export interface FlagsPart extends FlagsPlace {
  /** Name of the part that contains the flags. */
  readonly part: string;
}

/** A change to one flag. */
export interface FlagPatch {
  readonly key: string;
  /** The flag as JSON, or `undefined` if it was deleted. */
  readonly json: string | undefined;
  /** Time of receipt, epoch ms. */
  readonly receivedAtMs: number;
}

/**
 * Returns a set with the bytes of one flag changed. A client that loads the set compiles only that
 * flag. Reads the whole part synchronously, which takes some milliseconds per megabyte.
 *
 * @throws ProtocolError if there is no such part, its flags cannot be found, or the flag is not
 * JSON.
 */
export function withFlag(held: PayloadSet, place: FlagsPart, patch: FlagPatch): PayloadSet {
  const { json, key, receivedAtMs } = patch;
  const former = held.find(({ part }) => part === place.part);
  const isUsable = former !== undefined && (json === undefined || isJson(json));
  const bytes = isUsable ? spliceFlag(former.bytes, place, key, json) : null;
  if (former === undefined || bytes === null) {
    throw new ProtocolError("the change of a flag cannot be applied");
  }
  return withPart(held, {
    ...former,
    bytes,
    etag: null,
    fetchedAtMs: receivedAtMs,
    from: "network",
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
