import type { Settle } from "@sortition/core/kit";

/** Members of an axios error that decide whether a later attempt may succeed. */
interface RequestError {
  readonly response?: { readonly status?: number };
  readonly code?: string;
}

/**
 * Settles a message by the argument of its `track` callback: an error, or nothing on success. The library
 * retries for about two seconds; after that, the logger keeps the event and sends it again later.
 */
export function settleRequest(settle: Settle, error: unknown): void {
  if (error === undefined || error === null) settle.delivered();
  else if (isRetryable(error)) settle.retry(error);
  else settle.failed(error);
}

/** The errors that the library itself retries: no answer, 5xx, 429. */
function isRetryable(error: RequestError): boolean {
  const status = error.response?.status;
  if (status !== undefined) return status >= 500 || status === 429;
  return typeof error.code === "string";
}
