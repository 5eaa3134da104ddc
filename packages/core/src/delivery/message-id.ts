import { sha256 } from "../hash/sha256.js";
import { encodeUtf8 } from "../hash/utf8.js";

/**
 * A stable identifier of an event: a UUID (version 8) from the first 16 bytes of
 * `SHA-256(utf8(JSON.stringify(parts)))`. JSON keeps the parts apart, whatever they contain, and escapes
 * lone surrogates, so UTF-8 can always encode it.
 *
 * @param parts - the kind of event, then the values that identify it, its timestamp last.
 */
export function messageId(parts: readonly (string | null)[]): string {
  const bytes = sha256(encodeUtf8(JSON.stringify(parts))).subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80; // version 8: custom scheme (RFC 9562, §5.8)
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80; // the variant of RFC 9562
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20, 32].map((end, i) => hex.slice([0, 8, 12, 16, 20][i], end)).join("-");
}
