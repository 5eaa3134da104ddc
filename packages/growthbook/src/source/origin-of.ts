import { parseUrl } from "@sortition/core/internal";

/** Returns the server of an address for messages, without path, query or password. Accepts any string. */
export function originOf(url: string): string {
  return parseUrl(url)?.origin ?? "the host";
}

/** Replaces the URLs in a text with their origins. */
export function withOrigins(text: string): string {
  return text.replace(/https?:\/\/[^\s"'<>]*[^\s"'<>:,.)]/gi, originOf);
}

/** Masks user name and password in an address. Accepts any string. */
export function withoutPassword(address: string): string {
  return address.replace(/\/\/.*@/, "//…@");
}
