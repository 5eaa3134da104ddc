import { DecodeError, isDecodeError } from "./errors.js";

/** Adds the name of the part to a DecodeError. Returns any other error unchanged. */
export function inPart(error: unknown, part: string): unknown {
  if (!isDecodeError(error)) return error;
  const { cause, isJson, path, problem } = error;
  return new DecodeError(path, problem, { cause, isJson, part });
}
