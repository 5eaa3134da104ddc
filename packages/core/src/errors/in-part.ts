import { DecodeError, isDecodeError } from "./errors.js";

/** The error, which names the part if it is one of decoding. */
export function inPart(error: unknown, part: string): unknown {
  if (!isDecodeError(error)) return error;
  const { cause, isJson, path, problem } = error;
  return new DecodeError(path, problem, { cause, isJson, part });
}
