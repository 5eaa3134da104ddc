import { textOf } from "@sortition/core/dialect-internal";
import { type Bytes, decodeBase64 } from "./base64.js";

/**
 * The methods of `crypto.subtle` that decryption needs. They receive views, because under jsdom an `ArrayBuffer`
 * belongs to another realm and Node's `crypto.subtle` rejects it.
 */
export interface Decrypter {
  /** Creates a key from raw bytes. */
  importKey(
    format: "raw",
    key: Bytes,
    algorithm: { name: "AES-CBC"; length: number },
    isExtractable: boolean,
    usages: ("decrypt" | "encrypt")[],
  ): Promise<CryptoKeyLike>;
  /** Decrypts with a key. */
  decrypt(
    algorithm: { name: "AES-CBC"; iv: Bytes },
    key: CryptoKeyLike,
    data: Bytes,
  ): Promise<ArrayBuffer>;
}

/** A key. Each platform has its own type. */
type CryptoKeyLike = unknown;

/**
 * Decrypts `base64(iv) "." base64(ciphertext)` with AES-CBC.
 *
 * @param key - the raw key in Base64.
 * @param decrypter - default: `crypto.subtle` of the platform.
 * @throws Error for any failure. The message contains no part of the input.
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

/** Decrypts to a string. See {@link decryptBytes}. */
export async function decrypt(
  encrypted: string,
  key?: string,
  decrypter?: Decrypter,
): Promise<string> {
  return textOf(await decryptBytes(encrypted, key ?? "", decrypter));
}

/** Maps the encrypted parts of a payload to the parts that they replace. */
export const ENCRYPTED_PARTS = {
  encryptedFeatures: "features",
  encryptedExperiments: "experiments",
  encryptedSavedGroups: "savedGroups",
  encryptedContextualBandits: "contextualBandits",
} as const;

export type EncryptedPart = keyof typeof ENCRYPTED_PARTS;
