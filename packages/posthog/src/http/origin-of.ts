import { parseUrl } from "@sortition/core/internal";

/** Returns the server of an address for messages, without path, query or password. Accepts any string. */
export function originOf(url: string): string {
  return parseUrl(url)?.origin ?? "the host";
}
