import { OptionError, parseUrl } from "@sortition/core/internal";

/**
 * Returns the caller's server address, which overrides the zone.
 *
 * @returns the address without trailing slashes, or the fallback if it is absent or empty. Other
 * values are not checked: paths are appended to the string, and requests fail, as in the vendor's
 * SDK.
 */
export function givenUrl(url: unknown, fallback: string): string {
  return url ? `${url}`.replace(/\/+$/, "") : fallback;
}

/**
 * Checks the caller's server address, which overrides the zone.
 *
 * @returns the address without trailing slashes, or the fallback if it is absent or empty.
 * @throws OptionError that names the option but not the address, which may contain a password.
 */
export function serverUrl(option: string, url: unknown, fallback: string): string {
  if (url === undefined || url === "") return fallback;
  const protocol = typeof url === "string" ? parseUrl(url)?.protocol : undefined;
  if (protocol === "http:" || protocol === "https:") return `${url}`.replace(/\/+$/, "");
  throw new OptionError(option, "expected an http: or https: URL");
}
