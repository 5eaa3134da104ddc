import { fromBase64url, toBase64url } from "./base64url.js";
import { deflate, inflate } from "./deflate.js";
import { type Key, keysFor, type Purpose, type SealOptions } from "./keys.js";

/** Maximum length of a token. */
export const MAX_TOKEN_LENGTH = 8_192;

const VERSION = "1.";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The content of a token, or why it was refused. */
export type Opened =
  | { readonly content: unknown; readonly expiresAtMs: number }
  | { readonly refused: "malformed" | "forged" | "expired" };

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
  const plain = await deflate(JSON.stringify(sealed));
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const secret = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key as Key, plain);
  const bytes = new Uint8Array(IV_BYTES + secret.byteLength);
  bytes.set(iv);
  bytes.set(new Uint8Array(secret), IV_BYTES);
  return VERSION + toBase64url(bytes);
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
    const [expiresAt, content] = JSON.parse(await inflate(plain)) as Sealed; // written by `seal`
    const expiresAtMs = expiresAt * 1_000;
    return expiresAtMs <= nowMs ? { refused: "expired" } : { content, expiresAtMs };
  }
  return { refused: "forged" };
}

function bytesOf(token: unknown): Uint8Array<ArrayBuffer> | null {
  if (typeof token !== "string" || token.length > MAX_TOKEN_LENGTH) return null;
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
