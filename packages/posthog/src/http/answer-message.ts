import { serverFaultHint, serverOf } from "@sortition/core/internal";

/**
 * Explains an unexpected response. The message contains the server and a hint, but no path, query or key.
 *
 * @param keyHint - hint for a rejected key.
 */
export function statusMessage(status: number, url: string, keyHint: string): string {
  return `${serverOf(url)} answered with status ${status}${hintOf(status, keyHint)}`;
}

/** For a response that is not JSON, such as a login page, or a proxy's error page with status 200. */
export function notJsonMessage(url: string): string {
  return `the answer of ${serverOf(url)} is not JSON: is host right?`;
}

/** For JSON that is not a response of the flags server. */
export function noFlagsMessage(url: string): string {
  return `the answer of ${serverOf(url)} has no flags: is host right?`;
}

/** For a request without a response in time. */
export function lateMessage(url: string): string {
  return `no answer from ${serverOf(url)}: is host right?`;
}

function hintOf(status: number, keyHint: string): string {
  if ([400, 401, 403].includes(status)) return `: ${keyHint}`;
  return status === 404 || status === 405 ? ": is host right?" : serverFaultHint(status);
}
