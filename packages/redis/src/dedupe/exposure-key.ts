import { createHash } from "node:crypto";
import { exposureParts, type LoggedEvent } from "@sortition/core/internal";
import type { Namespace } from "../keys/keys.js";

/**
 * Returns the key of an exposure that the fleet has logged. It is a hash of subject, flag, allocation
 * and variation, without the time, so that all processes compute the same key. It does not reveal the
 * subject, and its first hexadecimal digit selects the slot.
 *
 * @param logger - name of the logger, because each logger receives the exposure.
 */
export function exposureKey(namespace: Namespace, logged: LoggedEvent, logger: string): string {
  const bytes = createHash("sha256")
    .update(JSON.stringify([...exposureParts(logged), logger]))
    .digest()
    .subarray(0, 16);
  const digit = bytes.toString("hex", 0, 1).charAt(0);
  return namespace.spreadKey(digit, `seen:${bytes.toString("base64url")}`);
}
