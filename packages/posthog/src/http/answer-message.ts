import { serverFaultHint } from "@sortition/core/internal";
import { originOf } from "./origin-of.js";

/**
 * What is said of an answer that is not the expected one: the server, and the way out. No path, query or key.
 *
 * @param keyHint - what to ask about a key that is refused.
 */
export function statusMessage(status: number, url: string, keyHint: string): string {
  return `${originOf(url)} answered with status ${status}${hintOf(status, keyHint)}`;
}

/** Of a login page, or of the error of a proxy that answers 200. */
export function notJsonMessage(url: string): string {
  return `the answer of ${originOf(url)} is not JSON: is host right?`;
}

/** Of JSON that is not what the server of flags answers. */
export function noFlagsMessage(url: string): string {
  return `the answer of ${originOf(url)} has no flags: is host right?`;
}

/** Of a request that was not answered in time. */
export function lateMessage(url: string): string {
  return `no answer from ${originOf(url)}: is host right?`;
}

function hintOf(status: number, keyHint: string): string {
  if ([400, 401, 403].includes(status)) return `: ${keyHint}`;
  return status === 404 || status === 405 ? ": is host right?" : serverFaultHint(status);
}
