import { DecodeError } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";
import { textOf } from "../runtime/text.js";

/**
 * Parses JSON in UTF-8, with or without a byte order mark.
 *
 * @throws DecodeError with that path if it is not JSON.
 */
export function parseJson(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(textOf(bytes));
  } catch (cause) {
    // Engines quote the input in the message. It may contain secrets.
    throw new DecodeError(path, `expected JSON: ${messageOf(cause).replace(/".*"/s, "…")}`);
  }
}
