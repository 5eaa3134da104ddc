import { hexOf } from "../hash/hex.js";
import { digestAtOnce } from "../runtime/digest.js";
import { bytesOf } from "../runtime/text.js";

/**
 * Creates a `ConfigurationOrigin.scope`: the SHA-256 of the origin's identity, which cannot be recovered from it.
 * Origins call it in a getter, only for callers that keep copies, because on Node it loads `node:crypto`, which takes 3
 * ms.
 */
export function scopeOf(...identity: readonly string[]): string {
  return hexOf(digestAtOnce([bytesOf(identity.join("\0"))]));
}
