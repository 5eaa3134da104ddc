import { OptionError } from "@sortition/core/dialect";
import { rejectUnknownOptions } from "@sortition/core/dialect-internal";

/** What the vendor's SDKs look up outside of the definitions. All functions are synchronous. */
export interface StatsigLookups {
  /**
   * Returns whether a unit is in an ID list. `unit` is the first eight characters of the Base64 of the SHA-256 of its ID,
   * as in the vendor's lists.
   */
  readonly idList?: ((list: string, unit: string) => boolean) | undefined;
  /** Returns the country of an IP address, such as `DK`, or `null`. */
  readonly country?: ((ip: string) => string | null) | undefined;
  /** Returns a field of a browser's user agent, such as `os_name` or `browser_version`, or `null`. */
  readonly userAgent?: ((userAgent: string, field: string) => string | null) | undefined;
}

const NAMES: readonly (keyof StatsigLookups)[] = ["idList", "country", "userAgent"];

const FORMS = {
  idList: "(list, unit) => boolean",
  country: "(ip) => country",
  userAgent: "(userAgent, field) => value",
} as const;

/** @throws OptionError if a lookup is unknown or not a function. */
export function readLookups(lookups: StatsigLookups = {}): StatsigLookups {
  rejectUnknownOptions(lookups, NAMES, "lookups");
  for (const name of NAMES) {
    const lookup: unknown = lookups[name];
    if (lookup !== undefined && typeof lookup !== "function") {
      throw new OptionError(
        `lookups.${name}`,
        `expected a synchronous function: write ${FORMS[name]}`,
      );
    }
  }
  return lookups;
}
