import { DecodeError } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";
import { textOf } from "../runtime/text.js";

/**
 * Parses JSON from a string, or from UTF-8 with or without a byte order mark.
 *
 * @throws DecodeError with this path if it is not JSON.
 */
export function parseJson(content: Uint8Array | string, path: string): unknown {
  try {
    return JSON.parse(typeof content === "string" ? content : textOf(content));
  } catch (cause) {
    // Engines quote the input in their message, and the input may contain secrets.
    const problem = `expected JSON: ${messageOf(cause).replace(/".*"/s, "…")}`;
    throw new DecodeError(path, problem, { isJson: false });
  }
}
