import { DecodeError } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";
import { textOf } from "../runtime/text.js";

/**
 * Parses a text of UTF-8, with or without a byte order mark.
 *
 * @throws DecodeError with that path if it is no JSON.
 */
export function parseJson(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(textOf(bytes));
  } catch (cause) {
    // Engines quote the text that they cannot read. It may hold anything, the key too.
    throw new DecodeError(path, `expected JSON: ${messageOf(cause).replace(/".*"/s, "…")}`);
  }
}
