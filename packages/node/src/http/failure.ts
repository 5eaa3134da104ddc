import {
  type Failure,
  type FailureClass,
  HttpStatusError,
  NetworkError,
  SortitionError,
} from "@sortition/core/kit";
import { type Asked, networkMessage } from "./network-message.js";
import { UndiciMissingError } from "./senders/undici.js";
import { systemCodeOf } from "./system-code.js";

/** Client errors that are temporary: request timeout, too early, too many requests. */
const TEMPORARY: ReadonlySet<number> = new Set([408, 425, 429]);

/** A failure that the next attempt may not have. */
export function transientFailure(error: SortitionError): Failure {
  return { kind: "transient", error, retryAfterMs: null };
}

/**
 * Classifies a status other than the expected ones.
 *
 * @param message - of the error, unless it is only about the status.
 *
 * @see docs/spec/lifecycle.md §1.1, the table of outcomes
 */
export function statusFailure(
  status: number,
  retryAfterMs: number | null,
  message?: string,
): Failure {
  const kind = classOfStatus(status);
  // Only for temporary failures; refusals are tried again at a pace of our own.
  const usedRetryAfterMs = kind === "transient" ? retryAfterMs : null;
  return {
    kind,
    error: new HttpStatusError(status, usedRetryAfterMs, message),
    retryAfterMs: usedRetryAfterMs,
  };
}

function classOfStatus(status: number): FailureClass {
  if (status === 401 || status === 403) return "unauthorized";
  const isRefusal = status >= 300 && status < 500 && !TEMPORARY.has(status);
  return isRefusal ? "rejected" : "transient";
}

/**
 * Classifies a thrown error: violations of the protocol are lasting, and so is an option that this process cannot serve;
 * everything else is temporary.
 *
 * @param url - with `asked`: where the request went. The message then says that.
 */
export function thrownFailure(cause: unknown, url?: URL, asked?: Asked): Failure {
  const error = transportError(cause, url, asked);
  const isLasting =
    error.code === "SORTITION_PROTOCOL" ||
    error.code === "SORTITION_BODY_TOO_LARGE" ||
    error instanceof UndiciMissingError;
  return { kind: isLasting ? "rejected" : "transient", error, retryAfterMs: null };
}

/**
 * Returns a `SortitionError` as it is, and wraps an error of the system or of undici in a {@link NetworkError}.
 *
 * @param url - with `asked`: where the request went.
 */
export function transportError(cause: unknown, url?: URL, asked?: Asked): SortitionError {
  if (SortitionError.is(cause)) return cause;
  if (url && asked) return new NetworkError(networkMessage(cause, url, asked), cause);
  const code = systemCodeOf(cause);
  return new NetworkError(code ? `the request failed: ${code}` : "the request failed", cause);
}
