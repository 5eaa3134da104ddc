import type { Failure, FailureClass } from "../configuration/origin.js";
import { HttpStatusError, type SortitionError } from "../errors/errors.js";

/** Client errors that are temporary: request timeout, too early, too many requests. */
const TEMPORARY: ReadonlySet<number> = /* @__PURE__ */ new Set([408, 425, 429]);

/** Creates a failure after which the next attempt may succeed. */
export function transientFailure(error: SortitionError): Failure {
  return { kind: "transient", error, retryAfterMs: null };
}

/**
 * Classifies a status other than the expected ones.
 *
 * @param message - message of the error. Default: only the status.
 *
 * @see docs/spec/lifecycle.md §1.1, the table of outcomes
 */
export function statusFailure(
  status: number,
  retryAfterMs: number | null,
  message?: string,
): Failure {
  const kind = classOfStatus(status);
  // Only used for temporary failures. After a refusal, we choose the interval of the next attempts.
  const usedRetryAfterMs = kind === "transient" ? retryAfterMs : null;
  return {
    kind,
    error: new HttpStatusError(status, usedRetryAfterMs, message),
    retryAfterMs: usedRetryAfterMs,
  };
}

/** Whether a later attempt may succeed although nothing is changed. */
export function isTransientStatus(status: number): boolean {
  return classOfStatus(status) === "transient";
}

function classOfStatus(status: number): FailureClass {
  if (status === 401 || status === 403) return "unauthorized";
  const isRefusal = status >= 300 && status < 500 && !TEMPORARY.has(status);
  return isRefusal ? "rejected" : "transient";
}

/**
 * Classifies the error of a request without a usable response. Protocol violations are permanent, and everything else
 * is temporary.
 */
export function errorFailure(error: SortitionError): Failure {
  const isLasting =
    error.code === "SORTITION_PROTOCOL" || error.code === "SORTITION_BODY_TOO_LARGE";
  return { kind: isLasting ? "rejected" : "transient", error, retryAfterMs: null };
}
