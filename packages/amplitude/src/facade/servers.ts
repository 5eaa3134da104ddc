import { OptionError } from "@sortition/core/client";

/** Addresses of the vendor's servers in one zone. */
export interface Servers {
  /** Remote evaluation. */
  readonly remote: string;
  readonly flags: string;
  readonly stream: string;
  readonly cohort: string;
}

const US: Servers = {
  remote: "https://api.lab.amplitude.com",
  flags: "https://api.lab.amplitude.com",
  stream: "https://stream.lab.amplitude.com",
  cohort: "https://cohort-v2.lab.amplitude.com",
};

const EU: Servers = {
  remote: "https://api.lab.eu.amplitude.com",
  flags: "https://flag.lab.eu.amplitude.com",
  stream: "https://stream.lab.eu.amplitude.com",
  cohort: "https://cohort-v2.lab.eu.amplitude.com",
};

/**
 * The servers of a zone. As with the vendor, everything but `eu` (in any case) is `us`.
 *
 * @throws OptionError if the zone is not a string.
 */
export function serversOf(zone: unknown = "us"): Servers {
  if (typeof zone !== "string") throw new OptionError("serverZone", "expected a string");
  return zone.toLowerCase() === "eu" ? EU : US;
}

/**
 * Checks the address of a server that a caller gives, which wins over the zone.
 *
 * @returns the address without slashes at its end; the fallback if it is absent or empty.
 * @throws OptionError naming the option, without the address: it may contain a password.
 */
export function serverUrl(option: string, url: unknown, fallback: string): string {
  if (url === undefined || url === "") return fallback;
  if (typeof url === "string" && /^https?:$/.test(protocolOf(url))) return url.replace(/\/+$/, "");
  throw new OptionError(option, "expected an http: or https: URL");
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : "";
}
