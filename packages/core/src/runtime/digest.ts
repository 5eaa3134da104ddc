import { concatenated } from "../hash/concatenated.js";
import { sha256 } from "../hash/sha256.js";
import type { Steps } from "../model/steps.js";
import { createClock } from "./clock.js";
import { host, type NativeHash } from "./host.js";
import { runInSlices } from "./slices.js";

/** Computes the SHA-256 of concatenated chunks, without blocking the event loop if the host supports it. */
export type Digest = (...chunks: readonly Uint8Array[]) => Promise<Uint8Array>;

/** Number of bytes that are hashed natively in one step. */
const STEP_BYTES = 65_536;

/**
 * Uses the host's native hash in slices (Node), otherwise Web Crypto, which copies all bytes at once and works off the
 * event loop, otherwise plain JavaScript.
 */
export const hostDigest: Digest = async (...chunks) => {
  const native = createNativeHash();
  if (native !== undefined) {
    await runInSlices(update(native, chunks), createClock());
    return new Uint8Array(native.digest());
  }
  const whole = concatenated(chunks);
  const { crypto } = host();
  return crypto?.subtle === undefined
    ? sha256(whole)
    : new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
};

/** Computes the digest in one step, with the host's synchronous hash if it has one, otherwise in plain JavaScript. */
export function digestAtOnce(chunks: readonly Uint8Array[]): Uint8Array {
  const native = createNativeHash();
  if (native === undefined) return sha256(concatenated(chunks));
  for (const chunk of chunks) native.update(chunk);
  return new Uint8Array(native.digest());
}

function createNativeHash(): NativeHash | undefined {
  try {
    return host().process?.getBuiltinModule?.("node:crypto")?.createHash("sha256");
  } catch {
    return undefined; // Next's edge runtime has a function that throws
  }
}

function* update(hash: NativeHash, chunks: readonly Uint8Array[]): Steps<void> {
  for (const chunk of chunks) {
    for (let offset = 0; offset < chunk.length; offset += STEP_BYTES) {
      hash.update(chunk.subarray(offset, offset + STEP_BYTES));
      yield;
    }
  }
}
