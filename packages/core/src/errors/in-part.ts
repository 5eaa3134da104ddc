import { DecodeError } from "./errors.js";

/** The error, which names the part if it is one of decoding. */
export function inPart(error: unknown, part: string): unknown {
  if (!(error instanceof DecodeError)) return error;
  return new DecodeError(error.path, error.problem, { cause: error.cause, part });
}
