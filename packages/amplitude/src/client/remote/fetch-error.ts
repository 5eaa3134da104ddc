import { type ErrorCode, SortitionError } from "@sortition/core";

/** The server of remote evaluation answered with a status other than 200. */
export class FetchError extends SortitionError {
  override readonly name = "FetchError";
  readonly code: ErrorCode;

  constructor(readonly statusCode: number) {
    super(`Fetch error response: status=${statusCode}`);
    this.code =
      statusCode === 401 || statusCode === 403 ? "SORTITION_UNAUTHORIZED" : "SORTITION_HTTP_STATUS";
  }
}

/** Whether another try may succeed. Everything but most answers of the kind 4xx may. */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof FetchError)) return true;
  const { statusCode } = error;
  return statusCode < 400 || statusCode >= 500 || statusCode === 429;
}
