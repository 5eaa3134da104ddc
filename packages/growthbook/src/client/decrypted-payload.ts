import { decrypt, ENCRYPTED_PARTS, type EncryptedPart } from "../dialect/decryption/decrypt.js";
import type { Reports } from "../messages/reports.js";
import type { FeatureApiResponse } from "../model/payload.js";
import { currentSubtle } from "../source/polyfills.js";
import { markReceived } from "./received.js";

/**
 * Each payload object is decrypted once per key, so that 100 instances with one key share the decrypted and compiled
 * result.
 */
const decrypted = new WeakMap<FeatureApiResponse, Map<string, Promise<FeatureApiResponse>>>();

/** Safe, because the table's type defines its keys. */
const PARTS = Object.keys(ENCRYPTED_PARTS) as EncryptedPart[];

/** Decrypts the encrypted parts. A failure is reported without the key, and the plain part is used. */
export function decryptedPayload(
  payload: FeatureApiResponse,
  decryptionKey: string | undefined,
  reports: Reports,
): Promise<FeatureApiResponse> {
  if (!PARTS.some((part) => payload?.[part])) return Promise.resolve({ ...payload });
  const key = decryptionKey ?? "";
  const known = decrypted.get(payload);
  const result = known?.get(key) ?? decryptParts(payload, key, reports);
  decrypted.set(payload, (known ?? new Map()).set(key, result));
  return result;
}

async function decryptParts(
  payload: FeatureApiResponse,
  key: string,
  reports: Reports,
): Promise<FeatureApiResponse> {
  const data: Record<string, unknown> = { ...payload };
  for (const part of PARTS) {
    const text = payload[part];
    delete data[part];
    if (!text) continue;
    try {
      data[ENCRYPTED_PARTS[part]] = JSON.parse(await decrypt(text, key, currentSubtle()));
    } catch {
      const hint = key === "" ? ": pass { decryptionKey } to the constructor" : "";
      reports.error(`a part of the payload could not be decrypted${hint}`, undefined, { part });
    }
  }
  // The decrypted parts are checked where they are used.
  return markReceived(data as FeatureApiResponse);
}
