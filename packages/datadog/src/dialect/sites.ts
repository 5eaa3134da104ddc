import { OptionError } from "@sortition/core/dialect";

/** The site of a customer who names none. */
export const DEFAULT_SITE = "datadoghq.com";

/** Datadog's sites that serve feature flags. */
const SITES: readonly string[] = [
  DEFAULT_SITE,
  "us3.datadoghq.com",
  "us5.datadoghq.com",
  "ap1.datadoghq.com",
  "ap2.datadoghq.com",
  "uk1.datadoghq.com",
  "datadoghq.eu",
];

/** @throws OptionError if Datadog serves no feature flags at that site. */
export function checkSite(site: string): void {
  if (SITES.includes(site)) return;
  const problem =
    site === "ddog-gov.com"
      ? "ddog-gov.com has no feature flags; expected one of"
      : "expected one of Datadog's sites:";
  throw new OptionError("site", `${problem} ${SITES.join(", ")}`);
}
