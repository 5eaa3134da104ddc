import { OptionError } from "@sortition/core/dialect";

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

/** @throws OptionError unless the value is a non-blank string. */
export function checkEnvironment(env: unknown): void {
  if (typeof env === "string" && env.trim() !== "") return;
  throw new OptionError("env", "expected the name of an environment, such as production");
}

/** @throws OptionError if Datadog does not serve feature flags from that site. */
export function checkSite(site: string): void {
  if (SITES.includes(site)) return;
  const problem =
    site === "ddog-gov.com"
      ? "ddog-gov.com has no feature flags; expected one of"
      : "expected one of Datadog's sites:";
  throw new OptionError("site", `${problem} ${SITES.join(", ")}`);
}
