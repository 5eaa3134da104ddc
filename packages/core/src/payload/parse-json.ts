import { DecodeError } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";
import { textOf, utf16Problem } from "../runtime/text.js";

/** Whether a text that is not JSON begins like YAML. */
export function isYaml(content: Uint8Array | string): boolean {
  const text = typeof content === "string" ? content : textOf(content);
  // A single line may be an error message.
  return /^(?:#.*\n|\s)*(?:---\s|[\w-]+:.*\n\s*(?:-\s|[\w-]+:))/.test(text);
}

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
    const message = messageOf(cause).replace(/(?:\.\.\.)?".*"(?:\.\.\.)?/s, "…");
    const encoding = typeof content === "string" ? null : utf16Problem(content);
    const problem = isYaml(content)
      ? "expected JSON, got YAML: write JSON"
      : (encoding ?? `expected JSON: ${message}`);
    throw new DecodeError(path, problem, { isJson: false });
  }
}
