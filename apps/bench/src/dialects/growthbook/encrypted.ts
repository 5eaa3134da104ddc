import { createCipheriv, randomBytes } from "node:crypto";
import { type Change, payloadBytes, versionBytes } from "./features.js";

/** The key of encrypted payloads, in Base64. */
export const DECRYPTION_KEY = "Ns04T5n9+59rl2x3SlNHtQ==";

/** What arrives: a version of the payload, plain or encrypted. */
export type Arrival = Change | "encrypted";

/** Version 0 or 1 of what arrives. */
export function arrivalBytes(arrival: Arrival, version: number): Uint8Array {
  return arrival === "encrypted"
    ? encryptedBytes(versionBytes("one", version))
    : versionBytes(arrival, version);
}

/** The same payload with its features encrypted. */
function encryptedBytes(payload: Uint8Array): Uint8Array {
  const { features } = JSON.parse(new TextDecoder().decode(payload)) as {
    readonly features: object;
  };
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-128-cbc", Buffer.from(DECRYPTION_KEY, "base64"), iv);
  const data = Buffer.concat([cipher.update(JSON.stringify(features)), cipher.final()]);
  const encryptedFeatures = `${iv.toString("base64")}.${data.toString("base64")}`;
  return payloadBytes({}, { encryptedFeatures });
}
