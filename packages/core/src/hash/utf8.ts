const REPLACEMENT = 0xfffd;

/** Whether a string has a lone surrogate, which UTF-8 cannot encode. */
export function hasLoneSurrogate(text: string): boolean {
  // Read inside the function, so that V8 inlines the call with any bundler, and even if a class extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  for (let i = 0; i < text.length; i++) {
    const unit = charCodeAt.call(text, i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = unit < 0xdc00 ? text.charCodeAt(i + 1) : Number.NaN;
    if (!(next >= 0xdc00 && next <= 0xdfff)) return true;
    i += 1;
  }
  return false;
}

/** Encodes a string as UTF-8. A lone surrogate becomes U+FFFD, as with `TextEncoder`. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let point = text.codePointAt(i) ?? REPLACEMENT;
    if (point > 0xffff) i += 1;
    else if (point >= 0xd800 && point <= 0xdfff) point = REPLACEMENT;
    if (point < 0x80) {
      bytes[length++] = point;
    } else if (point < 0x800) {
      bytes[length++] = 0xc0 | (point >> 6);
      bytes[length++] = 0x80 | (point & 0x3f);
    } else if (point < 0x10000) {
      bytes[length++] = 0xe0 | (point >> 12);
      bytes[length++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[length++] = 0x80 | (point & 0x3f);
    } else {
      bytes[length++] = 0xf0 | (point >> 18);
      bytes[length++] = 0x80 | ((point >> 12) & 0x3f);
      bytes[length++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[length++] = 0x80 | (point & 0x3f);
    }
  }
  return bytes.slice(0, length);
}

/**
 * Decodes UTF-8. Malformed sequences become U+FFFD, one for each maximal subpart, as in the WHATWG
 * decoder. A byte order mark is kept.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  const chunks: string[] = [];
  let units: number[] = [];
  let i = 0;
  while (i < bytes.length) {
    const { point, size } = readCodePoint(bytes, i);
    i += size;
    if (point > 0xffff) {
      units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
    } else {
      units.push(point);
    }
    // `fromCharCode` takes code units as arguments, and the engine limits the number of arguments.
    if (units.length > 8_192) {
      chunks.push(String.fromCharCode(...units));
      units = [];
    }
  }
  chunks.push(String.fromCharCode(...units));
  return chunks.join("");
}

/**
 * Reads a code point. Valid second bytes by lead byte are from the table of well-formed sequences (Unicode, table 3-7).
 */
function readCodePoint(bytes: Uint8Array, at: number): { point: number; size: number } {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return { point: lead, size: 1 };
  const following = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
  if (following === 0) return { point: REPLACEMENT, size: 1 };
  let low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  let high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  let point = lead & (0x3f >> following);
  for (let i = 1; i <= following; i++) {
    const byte = bytes[at + i];
    if (byte === undefined || byte < low || byte > high) return { point: REPLACEMENT, size: i };
    point = (point << 6) | (byte & 0x3f);
    low = 0x80;
    high = 0xbf;
  }
  return { point, size: 1 + following };
}
