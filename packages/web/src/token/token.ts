import { fromBase64url, toBase64url } from "./base64url.js";
import { deflate, inflate } from "./deflate.js";
import { type Key, keysFor, type Purpose, type SealOptions } from "./keys.js";

/**
 * Maximum length of a token. Overrides are stored in a cookie, which browsers limit to 4,096 bytes with its name and attributes.
 */
export const MAX_LENGTH: Readonly<Record<Purpose, number>> = { exposures: 8_192, overrides: 3_800 };

const VERSION = "1.";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** First byte of the encrypted part. */
const FORM = { plain: 0, compressed: 1 };

/** The content of a token, or why it was refused. */
export type Opened =
  | { readonly content: unknown; readonly expiresAtMs: number }
  | { readonly refused: "malformed" | "forged" | "expired" | "compressed" };

/** The JSON inside a token: when it expires, in epoch seconds, and its content. */
type Sealed = readonly [expiresAt: number, content: unknown];

/**
 * Encrypts and authenticates JSON, so that a browser can carry it but neither read nor change it.
 *
 * @param expiresAtMs - epoch ms.
 * @throws OptionError if the audience or a secret is missing or invalid.
 */
export async function seal(
  content: unknown,
  purpose: Purpose,
  options: SealOptions,
  expiresAtMs: number,
): Promise<string> {
  const [key] = await keysFor(purpose, options);
  const sealed: Sealed = [Math.ceil(expiresAtMs / 1_000), content];
  // Compressed first, because encrypted bytes do not get shorter.
  const plain = await packed(JSON.stringify(sealed), purpose);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const secret = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key as Key, plain);
  const bytes = new Uint8Array(IV_BYTES + secret.byteLength);
  bytes.set(iv);
  bytes.set(new Uint8Array(secret), IV_BYTES);
  return VERSION + toBase64url(bytes);
}

/** Returns the bytes to encrypt. */
async function packed(text: string, purpose: Purpose): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(new TextEncoder().encode(text));
  // The command seals overrides, perhaps for a runtime that cannot decompress them.
  const mayStay = purpose === "overrides" && lengthOf(bytes) <= MAX_LENGTH.overrides;
  const compressed = mayStay ? null : await deflate(bytes);
  const [form, content] = compressed === null ? [FORM.plain, bytes] : [FORM.compressed, compressed];
  const result = new Uint8Array(1 + content.length);
  result[0] = form;
  result.set(content, 1);
  return result;
}

/** Length of the token for bytes that are not compressed. */
function lengthOf({ length }: Uint8Array): number {
  return VERSION.length + Math.ceil(((IV_BYTES + 1 + length + TAG_BYTES) * 4) / 3);
}

/**
 * Opens a token. Never throws because of the token.
 *
 * @param token - of any type, because it is the browser's input.
 * @throws OptionError if the audience or a secret is missing or invalid.
 */
export async function open(
  token: unknown,
  purpose: Purpose,
  options: SealOptions,
  nowMs: number,
): Promise<Opened> {
  const keys = await keysFor(purpose, options);
  const bytes = bytesOf(token);
  if (bytes === null) return { refused: "malformed" };
  for (const key of keys) {
    const plain = await decrypted(bytes, key);
    if (plain === null) continue;
    const body = plain.subarray(1);
    const text = plain[0] === FORM.compressed ? await inflate(body) : body;
    if (text === null) return { refused: "compressed" };
    const [expiresAt, content] = JSON.parse(new TextDecoder().decode(text)) as Sealed; // written by `seal`
    const expiresAtMs = expiresAt * 1_000;
    return expiresAtMs <= nowMs ? { refused: "expired" } : { content, expiresAtMs };
  }
  return { refused: "forged" };
}

function bytesOf(token: unknown): Uint8Array<ArrayBuffer> | null {
  if (typeof token !== "string" || token.length > MAX_LENGTH.exposures) return null;
  if (!token.startsWith(VERSION)) return null;
  const bytes = fromBase64url(token.slice(VERSION.length));
  return bytes === null || bytes.length <= IV_BYTES + TAG_BYTES ? null : bytes;
}

/** `null`: another key sealed it, or it was changed. */
async function decrypted(
  bytes: Uint8Array<ArrayBuffer>,
  key: Key,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const iv = bytes.subarray(0, IV_BYTES);
  try {
    const secret = bytes.subarray(IV_BYTES);
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, secret));
  } catch {
    return null;
  }
}
