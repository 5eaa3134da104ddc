import { serverFaultHint } from "@sortition/core/internal";
import { FetchError } from "./fetch-error.js";

/**
 * The server, and the way out, of a status: the error is the vendor's, which has the status alone. `""` for other
 * failures. No query and no header, which has the user.
 */
export function failureHint(error: unknown, { origin }: URL): string {
  if (!(error instanceof FetchError)) return "";
  const { statusCode } = error;
  const answered = `${origin} answered with status ${statusCode}`;
  if (statusCode === 401 || statusCode === 403) {
    return `${answered}: is the deployment key one of the server side?`;
  }
  return answered + (serverFaultHint(statusCode) || ": is serverUrl right?");
}

/** What a `TimeoutError` says besides the time. */
export function lateHint({ origin }: URL): string {
  return `no answer from ${origin}: is serverUrl right?`;
}
