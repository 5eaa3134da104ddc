import type { DecodeError } from "../errors/errors.js";
import type { Steps } from "../model/steps.js";
import { KeyMemory } from "./flag-keys.js";
import { indexFlags } from "./index-flags.js";
import { parseJson } from "./parse-json.js";
import { documentOf } from "./parsed-flags.js";
import type { FlagsDocument, FlagsPlace } from "./raw-flags.js";

/** Up to this size, a payload is parsed as a whole, which takes less than a millisecond. */
const SMALL_BYTES = 65_536;
/**
 * The same limit for the first payload of a process. Until the engine has compiled the scanner, the parser is faster up
 * to about this size.
 *
 * @see docs/decisions/0009-large-payloads-are-cut.md
 */
const SMALL_FIRST_BYTES = 262_144;

/** Whether a payload was read in this process. This affects speed, but never a result. */
let isWarm = false;

/**
 * Splits a payload into its flags, which are not decoded yet. A large payload is indexed without parsing it. A small
 * payload, or one that cannot be indexed, is parsed. If parsing fails, indexing is tried, so that damage inside a flag
 * only affects that flag.
 *
 * @param memory - keys of the previous payload, which saves time if the keys are the same.
 * @throws DecodeError if it is not JSON outside of flags.
 */
export function* readFlags(
  bytes: Uint8Array,
  place: FlagsPlace,
  memory: KeyMemory = new KeyMemory(),
): Steps<FlagsDocument> {
  const smallBytes = isWarm ? SMALL_BYTES : SMALL_FIRST_BYTES;
  isWarm = true;
  if (bytes.length > smallBytes) {
    const cut = yield* indexFlags(bytes, place, memory);
    return cut ?? documentOf(parseJson(bytes, "$"), place);
  }
  memory.latest = null;
  let failure: DecodeError;
  try {
    return documentOf(parseJson(bytes, "$"), place);
  } catch (cause) {
    failure = cause as DecodeError; // parseJson throws only this type
  }
  const cut = yield* indexFlags(bytes, place, memory);
  if (cut === null) throw failure;
  return cut;
}
