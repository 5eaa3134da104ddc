import type { Settle, TrackOutcome } from "@sortition/core/internal";

/** The members of an axios error that decide the outcome of the event. */
interface RequestError {
  readonly response?: { readonly status?: number };
  readonly code?: string;
}

/**
 * Returns the outcome of a message. The argument of its `track` callback is an error, or nothing on
 * success. The library retries for about two seconds. After that, the logger keeps the event and
 * resends it later.
 */
export function outcomeOf(error: unknown): TrackOutcome {
  if (error === undefined || error === null) return { kind: "delivered" };
  const status = (error as RequestError).response?.status;
  if (status === 413) return { kind: "too-large", error };
  if (status === 400) return { kind: "refused", error };
  return { kind: isRetryable(error) ? "retry" : "failed", error };
}

/** Settles a message of the user's instance. The instance itself decides how many events a request has. */
export function settleRequest(settle: Settle, error: unknown): void {
  const outcome = outcomeOf(error);
  if (outcome.kind === "delivered") settle.delivered();
  else if (outcome.kind === "retry") settle.retry(outcome.error);
  else settle.failed(outcome.error);
}

/** Whether the library itself retries an error: no response, 5xx or 429. */
function isRetryable(error: RequestError): boolean {
  const status = error.response?.status;
  if (status !== undefined) return status >= 500 || status === 429;
  return typeof error.code === "string";
}
