import { md5OfText } from "../hash/md5.js";

/**
 * Returns a stable event ID: a UUID (version 8) from `MD5(utf8(JSON.stringify(parts)))`. JSON separates the parts whatever
 * they contain, and escapes lone surrogates, so UTF-8 can always encode it. It is MD5, because a SHA-256 would take a
 * third of the time of a new exposure. Another form of IDs is a major change, because services recognise duplicates by them.
 *
 * @param parts - the kind of event, the values that identify it, and its timestamp.
 */
export function messageId(parts: readonly (string | null)[]): string {
  const words = md5OfText(JSON.stringify(parts));
  const a = words[0] as number; // four words, little-endian
  const b = ((words[1] as number) & ~0xf00000) | 0x800000; // version 8: custom scheme (RFC 9562, §5.8)
  const c = ((words[2] as number) & ~0xc0) | 0x80; // the variant of RFC 9562
  const d = words[3] as number;
  return `${hexOf(a)}${hexOf(a >>> 16)}-${hexOf(b)}-${hexOf(b >>> 16)}-${hexOf(c)}-${hexOf(c >>> 16)}${hexOf(d)}${hexOf(d >>> 16)}`;
}

/** The two hexadecimal digits of each byte, created with the first event instead of at import. */
let digits: readonly string[] | null = null;

/** Returns the four hexadecimal digits of the low half of a word, low byte first. */
function hexOf(word: number): string {
  digits ??= Array.from({ length: 256 }, (_, it) => it.toString(16).padStart(2, "0"));
  return `${digits[word & 0xff]}${digits[(word >>> 8) & 0xff]}`;
}
