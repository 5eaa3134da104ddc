import { HttpStatusError, NetworkError, SortitionError } from "@sortition/core";
import type { Failure, FailureClass } from "@sortition/core/source";
import { systemCodeOf } from "../source/system-code.js";

/** Client errors that pass by themselves: request timeout, too early, too many requests. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * The failure that an unexpected status is.
 *
 * @see docs/spec/lifecycle.md §1.1, the table of outcomes
 */
export function statusFailure(status: number, retryAfterMs: number | null): Failure {
  const kind = classOfStatus(status);
  // Only a failure that passes can tell when to come back; the others are probed at our own pace.
  const usedRetryAfterMs = kind === "transient" ? retryAfterMs : null;
  return {
    kind,
    error: new HttpStatusError(status, usedRetryAfterMs),
    retryAfterMs: usedRetryAfterMs,
  };
}

function classOfStatus(status: number): FailureClass {
  if (status === 401 || status === 403) return "unauthorized";
  const isRefusal = status >= 300 && status < 500 && !PASSING.has(status);
  return isRefusal ? "rejected" : "transient";
}

/** The failure that a thrown error is: a broken protocol stays broken, the rest passes. */
export function thrownFailure(cause: unknown): Failure {
  const error = transportError(cause);
  const isLasting =
    error.code === "SORTITION_PROTOCOL" || error.code === "SORTITION_BODY_TOO_LARGE";
  return { kind: isLasting ? "rejected" : "transient", error, retryAfterMs: null };
}

/** An error of ours as it is; one of the system or of undici as the cause of a {@link NetworkError}. */
export function transportError(cause: unknown): SortitionError {
  if (SortitionError.is(cause)) return cause;
  const code = systemCodeOf(cause);
  return new NetworkError(code ? `the request failed: ${code}` : "the request failed", cause);
}
