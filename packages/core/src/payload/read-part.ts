import { DecodeError } from "../errors/errors.js";
import { inPart } from "../errors/in-part.js";
import type { Payload, PayloadSet } from "../model/configuration.js";
import type { Steps } from "../model/steps.js";

/**
 * Reads a part that must exist. What `read` throws as a `DecodeError` gets the name of the part.
 *
 * @throws DecodeError if the part is missing.
 */
export function* readPart<T>(
  payloads: PayloadSet,
  part: string,
  read: (payload: Payload) => Steps<T>,
): Steps<T> {
  const payload = payloads.find((it) => it.part === part);
  if (payload === undefined) throw new DecodeError("$", "is missing", { part });
  try {
    return yield* read(payload);
  } catch (error) {
    throw inPart(error, part);
  }
}
