import { OptionError, parseUrl } from "@sortition/core/internal";

/**
 * The address of a server that a caller gives, which wins over the zone.
 *
 * @returns the address without slashes at its end; the fallback if it is absent or empty. Anything else is not checked:
 * paths are appended to its string, and requests fail, as in the vendor's SDK.
 */
export function givenUrl(url: unknown, fallback: string): string {
  return url ? `${url}`.replace(/\/+$/, "") : fallback;
}

/**
 * Checks the address of a server that a caller gives, which wins over the zone.
 *
 * @returns the address without slashes at its end; the fallback if it is absent or empty.
 * @throws OptionError naming the option, without the address: it may contain a password.
 */
export function serverUrl(option: string, url: unknown, fallback: string): string {
  if (url === undefined || url === "") return fallback;
  const protocol = typeof url === "string" ? parseUrl(url)?.protocol : undefined;
  if (protocol === "http:" || protocol === "https:") return `${url}`.replace(/\/+$/, "");
  throw new OptionError(option, "expected an http: or https: URL");
}
