import { serverOf } from "@sortition/core/internal";

/** Replaces the URLs in a text with their origins. */
export function withOrigins(text: string): string {
  return text.replace(/https?:\/\/[^\s"'<>]*[^\s"'<>:,.)]/gi, (it) => serverOf(it));
}

/** Masks user name and password in an address. Accepts any string. */
export function withoutPassword(address: string): string {
  return address.replace(/\/\/.*@/, "//…@");
}
