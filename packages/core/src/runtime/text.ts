import { decodeUtf8, encodeUtf8 } from "../hash/utf8.js";
import { host } from "./host.js";

const BYTE_ORDER_MARK = "\ufeff";

/** Decodes UTF-8 and removes a byte order mark; natively if the host can, since payloads are large. */
export function textOf(bytes: Uint8Array): string {
  const { TextDecoder } = host();
  if (TextDecoder !== undefined)
    return new TextDecoder("utf-8", { ignoreBOM: false }).decode(bytes);
  const text = decodeUtf8(bytes);
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** UTF-8 bytes of a string; natively if the host can. */
export function bytesOf(text: string): Uint8Array {
  const { TextEncoder } = host();
  return TextEncoder === undefined ? encodeUtf8(text) : new TextEncoder().encode(text);
}
