import { decodeUtf8, encodeUtf8 } from "../hash/utf8.js";
import { host } from "./host.js";

const BYTE_ORDER_MARK = "\ufeff";

/** Decodes UTF-8 and removes a byte order mark. Uses the host's decoder if it has one, because payloads are large. */
export function textOf(bytes: Uint8Array): string {
  const { TextDecoder } = host();
  if (TextDecoder !== undefined)
    return new TextDecoder("utf-8", { ignoreBOM: false }).decode(bytes);
  const text = decodeUtf8(bytes);
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** Describes bytes that begin like UTF-16, which Windows PowerShell writes. Returns `null` for others. */
export function utf16Problem([first, second]: Uint8Array): string | null {
  const isMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isMark ? "expected UTF-8, got UTF-16: convert it with iconv -f utf-16 -t utf-8" : null;
}

/** Encodes a string as UTF-8, with the host's encoder if it has one. */
export function bytesOf(text: string): Uint8Array {
  const { TextEncoder } = host();
  return TextEncoder === undefined ? encodeUtf8(text) : new TextEncoder().encode(text);
}
