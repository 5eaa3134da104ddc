import type { Settle } from "@sortition/core/logger";

/** Members of an error of axios that say whether a later attempt may succeed. */
interface RequestError {
  readonly response?: { readonly status?: number };
  readonly code?: string;
}

/**
 * Passes on what the callback of a `track` call received: an error, or nothing. The library tries three
 * times within about two seconds; after that, the logger keeps the event and tries again.
 */
export function settleRequest(settle: Settle, error: unknown): void {
  if (error === undefined || error === null) settle.delivered();
  else if (isRetryable(error)) settle.retry(error);
  else settle.failed(error);
}

/** The same errors that the library itself tries again: no answer, 5xx, 429. */
function isRetryable(error: RequestError): boolean {
  const status = error.response?.status;
  if (status !== undefined) return status >= 500 || status === 429;
  return typeof error.code === "string";
}
