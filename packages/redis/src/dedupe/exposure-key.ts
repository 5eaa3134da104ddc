import { createHash } from "node:crypto";
import { exposureParts, type LoggedEvent } from "@sortition/core/internal";

/** The key of an exposure that the fleet has logged, in two parts. */
export interface ExposureKey {
  /** First hexadecimal digit of the hash. It selects the slot. */
  readonly digit: string;
  /** The hash, 22 characters. It does not reveal the subject. */
  readonly hash: string;
}

/**
 * Returns the key of an exposure. It consists of subject, flag, allocation and variation, without
 * the time, so that all processes compute the same key.
 *
 * @param logger - name of the logger, because each logger receives the exposure.
 */
export function exposureKey(logged: LoggedEvent, logger: string): ExposureKey {
  const bytes = createHash("sha256")
    .update(JSON.stringify([...exposureParts(logged), logger]))
    .digest()
    .subarray(0, 16);
  return { digit: bytes.toString("hex", 0, 1).charAt(0), hash: bytes.toString("base64url") };
}
