import { createDecipheriv } from "node:crypto";
import type { JsonObject } from "../../evaluate/request.js";
import { refusal } from "../reduction.js";

/** Encrypted members of GrowthBook's payloads, and the members that they replace. */
const ENCRYPTED: ReadonlyMap<string, string> = new Map([
  ["encryptedFeatures", "features"],
  ["encryptedExperiments", "experiments"],
  ["encryptedSavedGroups", "savedGroups"],
  ["encryptedContextualBandits", "contextualBandits"],
]);

/**
 * Decrypts the encrypted members of a GrowthBook payload.
 *
 * @param key - the key in Base64.
 * @throws UsageError if the key is missing or wrong.
 */
export function decrypted(root: JsonObject, key: string | undefined): JsonObject {
  const clear = new Map(Object.entries(root));
  for (const [name, replaced] of ENCRYPTED) {
    const value = clear.get(name);
    clear.delete(name);
    if (!value) continue;
    if (key === undefined) {
      throw refusal(null, `the configuration is encrypted (${name}). Add --decryption-key`);
    }
    try {
      clear.set(replaced, JSON.parse(decryptedText(String(value), key)));
    } catch {
      throw refusal(null, `${name} cannot be decrypted with this --decryption-key`);
    }
  }
  return Object.fromEntries(clear);
}

/** Decrypts `base64(iv) "." base64(ciphertext)` with AES-CBC. */
function decryptedText(encrypted: string, key: string): string {
  const [iv = "", content = ""] = encrypted.split(".");
  const bytes = Buffer.from(key, "base64");
  const cipher = `aes-${bytes.length * 8}-cbc`;
  const decipher = createDecipheriv(cipher, bytes, Buffer.from(iv, "base64"));
  return decipher.update(content, "base64", "utf8") + decipher.final("utf8");
}
