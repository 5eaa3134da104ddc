import { concatenated } from "../hash/concatenated.js";
import { sha256 } from "../hash/sha256.js";
import type { Steps } from "../model/steps.js";
import { createClock } from "./clock.js";
import { host } from "./host.js";
import { runInSlices } from "./slices.js";

/** SHA-256 of chunks, one behind the other, without a stall of the event loop where the host can. */
export type Digest = (...chunks: readonly Uint8Array[]) => Promise<Uint8Array>;

/** Bytes that are hashed natively in one step. */
const STEP_BYTES = 65_536;

/**
 * The host's native hash in slices, as Node has it; else its Web Crypto, which copies all bytes at
 * once and works off the event loop; else plain JavaScript.
 */
export const hostDigest: Digest = async (...chunks) => {
  const { crypto, process } = host();
  const native = process?.getBuiltinModule?.("node:crypto")?.createHash("sha256");
  if (native !== undefined) {
    await runInSlices(update(native, chunks), createClock());
    return new Uint8Array(native.digest());
  }
  const whole = concatenated(chunks);
  return crypto?.subtle === undefined
    ? sha256(whole)
    : new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
};

function* update(
  hash: { update(bytes: Uint8Array): unknown },
  chunks: readonly Uint8Array[],
): Steps<void> {
  for (const chunk of chunks) {
    for (let offset = 0; offset < chunk.length; offset += STEP_BYTES) {
      hash.update(chunk.subarray(offset, offset + STEP_BYTES));
      yield;
    }
  }
}
