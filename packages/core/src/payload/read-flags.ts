import type { DecodeError } from "../errors/errors.js";
import type { Steps } from "../model/steps.js";
import { KeyMemory } from "./flag-keys.js";
import { indexFlags } from "./index-flags.js";
import { parseJson } from "./parse-json.js";
import { documentOf } from "./parsed-flags.js";
import type { FlagsDocument, FlagsPlace } from "./raw-flags.js";

/** Up to this size a payload is parsed as a whole: it takes less than a millisecond. */
const SMALL_BYTES = 65_536;

/**
 * Reads a payload, its flags apart and not yet decoded. A large one is cut into the texts of its
 * flags; a small one is parsed, and so is what cannot be cut. Where parsing fails, cutting has the
 * last word: damage inside the text of one flag is that flag's failure.
 *
 * @param memory - what the payload before this one left; it spares much where the keys are the same.
 * @throws DecodeError if it is no JSON outside of flags.
 */
export function* readFlags(
  bytes: Uint8Array,
  place: FlagsPlace,
  memory: KeyMemory = new KeyMemory(),
): Steps<FlagsDocument> {
  if (bytes.length > SMALL_BYTES) {
    const cut = yield* indexFlags(bytes, place, memory);
    return cut ?? documentOf(parseJson(bytes, "$"), place);
  }
  memory.latest = null;
  let failure: DecodeError;
  try {
    return documentOf(parseJson(bytes, "$"), place);
  } catch (cause) {
    failure = cause as DecodeError; // what parseJson throws
  }
  const cut = yield* indexFlags(bytes, place, memory);
  if (cut === null) throw failure;
  return cut;
}
