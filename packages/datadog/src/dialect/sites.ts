import { OptionError } from "@sortition/core/dialect";

const DEFAULT_SITE = "datadoghq.com";

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
export function readEnvironment(path: string, env: unknown): string {
  if (typeof env === "string" && env.trim() !== "") return env;
  throw new OptionError(path, "expected the name of an environment, such as production");
}

/** @throws OptionError if Datadog does not serve feature flags from that site. */
export function readSite(path: string, value: unknown = DEFAULT_SITE): string {
  const site = SITES.find((it) => it === value);
  if (site !== undefined) return site;
  const problem =
    value === "ddog-gov.com"
      ? "ddog-gov.com has no feature flags; expected one of"
      : "expected one of Datadog's sites:";
  throw new OptionError(path, `${problem} ${SITES.join(", ")}`);
}
