import { textOf } from "@sortition/core/dialect";
import { type Bytes, decodeBase64 } from "./base64.js";

/**
 * The part of `crypto.subtle` that decryption needs. It gets views: under jsdom, an `ArrayBuffer` is one of another realm,
 * which Node's `crypto.subtle` refuses.
 */
export interface Decrypter {
  /** Makes a key of raw bytes. */
  importKey(
    format: "raw",
    key: Bytes,
    algorithm: { name: "AES-CBC"; length: number },
    isExtractable: boolean,
    usages: ("decrypt" | "encrypt")[],
  ): Promise<CryptoKeyLike>;
  /** Decrypts by a key. */
  decrypt(
    algorithm: { name: "AES-CBC"; iv: Bytes },
    key: CryptoKeyLike,
    data: Bytes,
  ): Promise<ArrayBuffer>;
}

/** A key: each platform has a type of its own. */
type CryptoKeyLike = unknown;

/**
 * Decrypts `base64(iv) "." base64(ciphertext)` by AES-CBC.
 *
 * @param key - the raw key in Base64.
 * @param decrypter - default: `crypto.subtle` of the platform.
 * @throws Error whatever is wrong. The message contains nothing of the input.
 */
export async function decryptBytes(
  encrypted: unknown,
  key: string,
  decrypter: Decrypter | undefined = globalThis.crypto?.subtle,
): Promise<Uint8Array> {
  if (decrypter === undefined) throw new Error("No SubtleCrypto implementation found");
  try {
    const algorithm = { name: "AES-CBC", length: 128 } as const;
    const raw = await decodeBase64(key);
    const imported = await decrypter.importKey("raw", raw, algorithm, true, ["encrypt", "decrypt"]);
    const [iv = "", content = ""] = (encrypted as string).split(".");
    const by = { name: "AES-CBC", iv: await decodeBase64(iv) } as const;
    const data = await decodeBase64(content);
    return new Uint8Array(await decrypter.decrypt(by, imported, data));
  } catch {
    throw new Error("Failed to decrypt");
  }
}

/** {@link decryptBytes} as text. */
export async function decrypt(
  encrypted: string,
  key?: string,
  decrypter?: Decrypter,
): Promise<string> {
  return textOf(await decryptBytes(encrypted, key ?? "", decrypter));
}

/** Encrypted parts of a payload, and what they replace. */
export const ENCRYPTED_PARTS = {
  encryptedFeatures: "features",
  encryptedExperiments: "experiments",
  encryptedSavedGroups: "savedGroups",
  encryptedContextualBandits: "contextualBandits",
} as const;

export type EncryptedPart = keyof typeof ENCRYPTED_PARTS;
