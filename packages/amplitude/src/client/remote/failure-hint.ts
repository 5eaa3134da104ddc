import { serverFaultHint } from "@sortition/core/internal";
import { FetchError } from "./fetch-error.js";

/**
 * Returns a hint with the server and what to check for a status, because the vendor's error has
 * only the status. `""` for other failures. Contains no query and no headers, because those contain
 * the user.
 */
export function failureHint(error: unknown, { origin }: URL): string {
  if (!(error instanceof FetchError)) return "";
  const { statusCode } = error;
  const answered = `${origin} answered with status ${statusCode}`;
  if (statusCode === 401 || statusCode === 403) {
    return `${answered}: is the deployment key a server key?`;
  }
  return answered + (serverFaultHint(statusCode) || ": is serverUrl right?");
}

/** Returns the hint for the message of a `TimeoutError`. */
export function lateHint({ origin }: URL): string {
  return `no answer from ${origin}: is serverUrl right?`;
}
