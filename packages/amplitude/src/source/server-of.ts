import { parseUrl } from "@sortition/core/internal";

/**
 * Returns the server of a caller's address for messages, without path, query or password. Also
 * accepts strings that are not URLs.
 */
export function serverOf(address: string): string {
  return parseUrl(address)?.origin ?? "the server";
}
