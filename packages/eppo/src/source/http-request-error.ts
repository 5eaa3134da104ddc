import { HttpStatusError, type SortitionError, TimeoutError } from "@sortition/core/internal";

/**
 * Error with which `init` or `fetchFlagConfigurations` rejects, with the vendor's message and
 * status.
 */
export class HttpRequestError extends Error {
  override readonly name: string = "HttpRequestError";

  constructor(
    message: string,
    /** Status of the response; 408 after a time-out, 0 without a usable response. */
    readonly status: number,
    /** The original error. */
    override readonly cause: SortitionError,
  ) {
    super(message, { cause });
  }
}

/** Converts an error to the vendor's error. */
export function requestError(error: SortitionError): HttpRequestError {
  if (error instanceof HttpStatusError) {
    return new HttpRequestError("Failed to fetch data", error.httpStatus, error);
  }
  // A replaced `fetch` may abort a request on its own, as if it had timed out.
  const isAborted = error.cause instanceof Error && error.cause.name === "AbortError";
  if (isAborted || error instanceof TimeoutError) {
    return new HttpRequestError("Request timed out", 408, error);
  }
  return new HttpRequestError("Network error", 0, error);
}
