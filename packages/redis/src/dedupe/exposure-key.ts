import { createHash } from "node:crypto";
import { exposureParts, type LoggedEvent } from "@sortition/core/internal";

/** The key under which a fleet remembers an exposure, in two parts. */
export interface ExposureKey {
  /** First hexadecimal digit of the hash. */
  readonly digit: string;
  /** The hash, 22 characters: no subject can be read from it. */
  readonly hash: string;
}

/**
 * The key of an exposure: subject, flag, allocation and variation without the time, so that all processes have the
 * same.
 *
 * @param logger - name of the logger, since each logger receives the exposure.
 */
export function exposureKey(logged: LoggedEvent, logger: string): ExposureKey {
  const bytes = createHash("sha256")
    .update(JSON.stringify([...exposureParts(logged), logger]))
    .digest()
    .subarray(0, 16);
  return { digit: bytes.toString("hex", 0, 1).charAt(0), hash: bytes.toString("base64url") };
}
