import { EvaluationError, SortitionError } from "../../errors/errors.js";
import { keyName, messageOf } from "../../errors/guard.js";

/** The error that strict mode throws for what was thrown. */
export function asEvaluationError(cause: unknown, flagKey: string): EvaluationError {
  if (isEvaluationError(cause)) return cause;
  const key = keyName(flagKey);
  const message = `flag "${key}" cannot be evaluated: ${messageOf(cause)}`;
  return new EvaluationError("SORTITION_EVALUATION", key, message, { cause });
}

function isEvaluationError(cause: unknown): cause is EvaluationError {
  try {
    // Of any copy of this library: a dialect may bring its own.
    return SortitionError.is(cause) && cause.name === "EvaluationError";
  } catch {
    return false; // a revoked proxy
  }
}

/** What diagnostics say of an error: nothing that code of the caller's threw. */
export function problemOf({ cause, message }: EvaluationError, name: string): string {
  if (cause === undefined) return message;
  const failed = `flag "${name}" cannot be evaluated`;
  return SortitionError.is(cause)
    ? `${failed}: ${messageOf(cause)}`
    : `${failed}: an exception, see the details of the call`;
}
