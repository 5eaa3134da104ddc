import { HttpStatusError, type SortitionError, TimeoutError } from "@sortition/core/internal";

/** Why `init` or `fetchFlagConfigurations` was rejected, with the vendor's message and status. */
export class HttpRequestError extends Error {
  override readonly name: string = "HttpRequestError";

  constructor(
    message: string,
    /** Status of the response; 408 after a timeout, 0 without a usable response. */
    readonly status: number,
    /** The error of which this is the vendor's form. */
    override readonly cause: SortitionError,
  ) {
    super(message, { cause });
  }
}

/** Converts an error to the vendor's form. */
export function requestError(error: SortitionError): HttpRequestError {
  if (error instanceof HttpStatusError) {
    return new HttpRequestError("Failed to fetch data", error.httpStatus, error);
  }
  // A replaced `fetch` may end a request by itself, as if it had taken too long.
  const isAborted = error.cause instanceof Error && error.cause.name === "AbortError";
  if (isAborted || error instanceof TimeoutError) {
    return new HttpRequestError("Request timed out", 408, error);
  }
  return new HttpRequestError("Network error", 0, error);
}
