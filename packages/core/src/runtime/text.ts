import { decodeUtf8, encodeUtf8 } from "../hash/utf8.js";
import { host } from "./host.js";

const BYTE_ORDER_MARK = "\ufeff";

/** Text of UTF-8 bytes without a byte order mark; by the host where it can, since payloads are large. */
export function textOf(bytes: Uint8Array): string {
  const { TextDecoder } = host();
  if (TextDecoder !== undefined)
    return new TextDecoder("utf-8", { ignoreBOM: false }).decode(bytes);
  const text = decodeUtf8(bytes);
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** UTF-8 bytes of a text, by the host where it can. */
export function bytesOf(text: string): Uint8Array {
  const { TextEncoder } = host();
  return TextEncoder === undefined ? encodeUtf8(text) : new TextEncoder().encode(text);
}
