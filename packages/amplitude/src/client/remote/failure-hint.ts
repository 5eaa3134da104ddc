import { FetchError } from "./fetch-error.js";

/**
 * The server, and the way out, where a status is a mistake of the caller: the error is the vendor's, which has the status
 * alone. `null` for other failures. No query and no header, which has the user.
 */
export function failureHint(error: unknown, { origin }: URL): string | null {
  if (!(error instanceof FetchError)) return null;
  const { statusCode } = error;
  const answered = `${origin} answered with status ${statusCode}`;
  if (statusCode === 401 || statusCode === 403) {
    return `${answered}: is the deployment key one of the server side?`;
  }
  return statusCode === 404 ? `${answered}: is serverUrl right?` : null;
}

/** What a `TimeoutError` says besides the time. */
export function lateHint({ origin }: URL): string {
  return `no answer from ${origin}: is serverUrl right?`;
}
