import { parseUrl } from "@sortition/core/internal";

/** The server of an address that a caller gives, for messages: no path, query or password, and also if it is no URL. */
export function serverOf(address: string): string {
  return parseUrl(address)?.origin ?? "the server";
}
