import { type ErrorCode, SortitionError } from "@sortition/core";

/** Thrown if the server of remote evaluation responds with a status other than 200. */
export class FetchError extends SortitionError {
  override readonly name = "FetchError";
  readonly code: ErrorCode;

  constructor(readonly statusCode: number) {
    super(`Fetch error response: status=${statusCode}`);
    this.code =
      statusCode === 401 || statusCode === 403 ? "SORTITION_UNAUTHORIZED" : "SORTITION_HTTP_STATUS";
  }
}

/** Whether a retry may succeed. It may after any error except most 4xx responses. */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof FetchError)) return true;
  const { statusCode } = error;
  return statusCode < 400 || statusCode >= 500 || statusCode === 429;
}
