import { OptionError, parseUrl, refuseBlank } from "@sortition/core/internal";

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
 * Reads a server address, which overrides the zone.
 *
 * @returns the address without trailing slashes, or `undefined` if it is absent.
 * @throws OptionError that names the option but not the address, which may contain a password.
 */
export function readUrl(path: string, url: unknown): string | undefined {
  if (url === undefined) return undefined;
  refuseBlank(path, url);
  const protocol = typeof url === "string" ? parseUrl(url)?.protocol : undefined;
  if (protocol === "http:" || protocol === "https:") return `${url}`.replace(/\/+$/, "");
  throw new OptionError(path, "expected an http: or https: URL");
}
