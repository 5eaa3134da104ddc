import { hexOf } from "../hash/hex.js";
import { digestAtOnce } from "../runtime/digest.js";
import { bytesOf } from "../runtime/text.js";

/**
 * Makes a `ConfigurationOrigin.scope`: SHA-256 of the identity of the origin, which cannot be read from it. A getter
 * of the origin calls it only for callers that keep copies, because on Node it loads `node:crypto`, which takes 3 ms.
 */
export function scopeOf(...identity: readonly string[]): string {
  return hexOf(digestAtOnce([bytesOf(identity.join("\0"))]));
}
