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
  const bytes = sha256(encodeUtf8(JSON.stringify(parts)));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80; // version 8: custom scheme (RFC 9562, §5.8)
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80; // the variant of RFC 9562
  const field = (start: number, end: number): string => {
    let text = "";
    for (let i = start; i < end; i++) text += hexOf(bytes[i] as number); // within bounds
    return text;
  };
  return `${field(0, 4)}-${field(4, 6)}-${field(6, 8)}-${field(8, 10)}-${field(10, 16)}`;
}

/** The two hexadecimal digits of each byte. Made with the first event, not at import. */
let digits: readonly string[] | null = null;

function hexOf(byte: number): string {
  digits ??= Array.from({ length: 256 }, (_, it) => it.toString(16).padStart(2, "0"));
  return digits[byte] as string; // a byte is less than 256
}
