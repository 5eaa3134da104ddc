import { OptionError } from "@sortition/core/internal";
import { fromBase64url } from "./base64url.js";

/** What a token is for. A token for one purpose is rejected for the other. */
export type Purpose = "exposures" | "overrides";

const ENCRYPTION = { name: "AES-GCM", length: 256 };
const SIGNATURE = { name: "HMAC", hash: "SHA-256", length: 256 };

/** How tokens are encrypted. */
export interface SealOptions {
  /** Name of the application and its environment. Tokens of another audience are rejected. */
  readonly audience: string;
  /**
   * Secrets of at least 32 random bytes in base64url. The first one encrypts, and all of them decrypt, so that you can
   * replace a secret. Values that are `undefined` are skipped.
   */
  readonly secrets: readonly (string | undefined)[];
}

/** A key of Web Crypto. */
export type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const MIN_BYTES = 32;
const CREATE = `create one with: node -p "crypto.randomBytes(32).toString('base64url')"`;

/** Derived keys by purpose, audience and secret. They are few, and the same for each request. */
const known = new Map<string, Promise<Key>>();

/**
 * Returns the keys for a purpose, beginning with the one that encrypts or, for digests, signs.
 *
 * @throws OptionError if the audience or a secret is missing or invalid.
 */
export async function keysFor(purpose: Purpose | "digests", options: SealOptions): Promise<Key[]> {
  const { audience } = options;
  if (typeof audience !== "string" || audience === "") {
    throw new OptionError(
      "audience",
      'expected a name for this environment, e.g. "shop-production"',
    );
  }
  return await Promise.all(secretsOf(options).map((secret) => keyOf(purpose, audience, secret)));
}

function secretsOf({ secrets }: SealOptions): readonly string[] {
  if (typeof secrets === "string") {
    throw new OptionError("secrets", "expected a list, got a string: write [secret]");
  }
  const given = (Array.isArray(secrets) ? secrets : []).filter((it) => it !== undefined);
  if (given.length === 0) {
    throw new OptionError(
      "secrets",
      `expected a list with at least one secret; is the environment variable set? If not, ${CREATE}`,
    );
  }
  return given;
}

async function keyOf(purpose: Purpose | "digests", audience: string, secret: string): Promise<Key> {
  const name = JSON.stringify([purpose, audience, secret]);
  let key = known.get(name);
  if (key === undefined) {
    const isForDigests = purpose === "digests";
    key = deriveKey(bytesOf(secret), `sortition/web/1/${purpose}/${audience}`, isForDigests);
    known.set(name, key);
  }
  return await key;
}

function bytesOf(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = typeof secret === "string" ? fromBase64url(secret.replace(/=+$/, "")) : null;
  if (bytes === null || bytes.length < MIN_BYTES) {
    const found = bytes === null ? problemOf(secret) : `one has ${bytes.length}`;
    throw new OptionError(
      "secrets",
      `expected at least ${MIN_BYTES} random bytes in base64url, but ${found}; ${CREATE}`,
    );
  }
  return bytes;
}

/** Describes a secret that is not base64url, or not in the only form that its bytes have. */
function problemOf(secret: unknown): string {
  const hasCharacters = typeof secret === "string" && /^[\w-]+=*$/.test(secret);
  return hasCharacters
    ? "one was changed or cut off, because its last character does not fit"
    : "one is not base64url";
}

async function deriveKey(
  secret: Uint8Array<ArrayBuffer>,
  info: string,
  isForDigests: boolean,
): Promise<Key> {
  const { subtle } = crypto;
  const base = await subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  return await subtle.deriveKey(
    {
      name: "HKDF",
      hash: "SHA-256",
      salt: new Uint8Array(),
      info: new TextEncoder().encode(info),
    },
    base,
    isForDigests ? SIGNATURE : ENCRYPTION,
    false,
    isForDigests ? ["sign"] : ["encrypt", "decrypt"],
  );
}
