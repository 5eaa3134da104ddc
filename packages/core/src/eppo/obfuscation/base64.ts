import { expectString } from "../../conditions/decode.js";
import { DecodeError } from "../../errors/errors.js";
import { decodeUtf8, encodeUtf8 } from "../../hash/utf8.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Decodes Base64 (standard or URL-safe) of UTF-8. Characters outside the alphabet are ignored, as in the
 * vendor's library.
 *
 * @throws RangeError if one character remains after groups of four, which no encoder produces.
 */
export function decodeBase64(encoded: string): string {
  const digits = encoded
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .replace(/[^A-Za-z0-9+/]/g, "");
  if (digits.length % 4 === 1) throw new RangeError("the Base64 string has an impossible length");
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let length = 0;
  for (const digit of digits) {
    held = ((held << 6) | ALPHABET.indexOf(digit)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = (held >> bits) & 0xff;
    }
  }
  return decodeUtf8(bytes);
}

/**
 * Decodes a Base64 member of a payload.
 *
 * @throws DecodeError
 */
export function expectBase64(value: unknown, path: string): string {
  const encoded = expectString(value, path);
  try {
    return decodeBase64(encoded);
  } catch (cause) {
    throw new DecodeError(path, "expected Base64", { cause });
  }
}

/** Encodes a string as padded standard Base64 of its UTF-8. A lone surrogate becomes U+FFFD. */
export function encodeBase64(text: string): string {
  const bytes = encodeUtf8(text);
  let encoded = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(i, i + 3);
    const bits = (first << 16) | (second << 8) | third;
    const digits = [18, 12, 6, 0].map((shift) => ALPHABET[(bits >> shift) & 0x3f]);
    encoded += digits
      .slice(0, bytes.length - i + 1)
      .join("")
      .padEnd(4, "=");
  }
  return encoded;
}
