import { OptionError } from "@sortition/core";
import { DOCUMENTATION_URL, type OptionHints } from "@sortition/core/internal";

/** Options of vendors whose dialect is a package of its own. */
const OPTIONS_BY_VENDOR = {
  growthbook: "clientKey apiHost trackingCallback",
  amplitude: "deploymentKey serverUrl serverZone flagConfigPollingIntervalMillis",
  posthog: "host personalApiKey secretKey featureFlagsPollingInterval",
};

/** Hints for an option that belongs to another vendor than the dialect. */
export function vendorHints(option: string): OptionHints | undefined {
  const [vendor] =
    Object.entries(OPTIONS_BY_VENDOR).find(([, names]) => names.split(" ").includes(option)) ?? [];
  if (vendor === undefined) return undefined;
  return {
    page: `${DOCUMENTATION_URL}/migrate/from-${vendor}-node.md`,
    names: { [option]: `is it ${vendor}'s? ${dialectHint(vendor)}` },
  };
}

const dialectHint = (name: string): string =>
  `give dialect: ${name}() of @sortition/${name}/dialect`;

/** @throws OptionError for a name of a dialect, or a dialect that was not called. */
export function checkDialect(dialect: unknown): void {
  if (typeof dialect === "function") {
    // Its own name is not the one that it was imported by: published files are minified.
    throw new OptionError("dialect", "is a function: call it, such as dialect: growthbook()");
  }
  if (typeof dialect !== "string") return;
  const known = Object.keys(OPTIONS_BY_VENDOR).find((it) => it === dialect);
  const hint = known === undefined ? "leave it out for Eppo's" : dialectHint(known);
  throw new OptionError("dialect", `is a string: ${hint}`);
}
