import { toBase64url } from "./base64url.js";
import { type Key, keysFor, type SealOptions } from "./keys.js";

/** Enough that a visitor's exposures never have the same digest by chance. */
const BYTES = 5;

/**
 * Returns digests of texts, which a browser can compare but not reverse, because they depend on the secret.
 *
 * @throws OptionError if the audience or a secret is missing or invalid.
 */
export async function digestsOf(
  texts: readonly string[],
  options: SealOptions,
): Promise<readonly string[]> {
  const [key] = await keysFor("digests", options);
  const encoder = new TextEncoder();
  return await Promise.all(
    texts.map(async (text) => {
      const signature = await crypto.subtle.sign("HMAC", key as Key, encoder.encode(text));
      return toBase64url(new Uint8Array(signature, 0, BYTES));
    }),
  );
}
