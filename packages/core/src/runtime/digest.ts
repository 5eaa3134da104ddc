import { sha256 } from "../hash/sha256.js";
import { host } from "./host.js";

/** SHA-256 of some bytes, off the event loop where the host can do that. */
export type Digest = (bytes: Uint8Array) => Promise<Uint8Array>;

/** The host's Web Crypto if there is one, else plain JavaScript. */
export const hostDigest: Digest = async (bytes) => {
  const subtle = host().crypto?.subtle;
  return subtle === undefined
    ? sha256(bytes)
    : new Uint8Array(await subtle.digest("SHA-256", bytes));
};
