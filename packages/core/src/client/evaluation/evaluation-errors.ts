import { EvaluationError, SortitionError } from "../../errors/errors.js";
import { keyName, messageOf } from "../../errors/guard.js";

/** Converts anything thrown to the error that strict mode throws. */
export function asEvaluationError(cause: unknown, flagKey: string): EvaluationError {
  if (isEvaluationError(cause)) return cause;
  const key = keyName(flagKey);
  const message = `flag "${key}" cannot be evaluated: ${messageOf(cause)}`;
  return new EvaluationError("SORTITION_EVALUATION", key, message, { cause });
}

function isEvaluationError(cause: unknown): cause is EvaluationError {
  try {
    // The error may come from another copy of this library that a dialect uses.
    return SortitionError.is(cause) && cause.name === "EvaluationError";
  } catch {
    return false; // reading its name throws
  }
}

/** Returns the problem for diagnostics, without the message of an error that the caller's code threw. */
export function problemOf({ cause, message }: EvaluationError, name: string): string {
  if (cause === undefined) return message;
  const why = SortitionError.is(cause)
    ? messageOf(cause)
    : "an exception, see the details of the call";
  return `flag "${name}" cannot be evaluated: ${why}`;
}
