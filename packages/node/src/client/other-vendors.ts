import { OptionError } from "@sortition/core";
import { DOCUMENTATION_URL, type OptionHints } from "@sortition/core/internal";

/** Options of the SDKs that our drop-ins replace, apart from Eppo's. */
const OPTIONS_BY_VENDOR = {
  growthbook: "clientKey apiHost trackingCallback",
  amplitude: "deploymentKey serverUrl serverZone flagConfigPollingIntervalMillis",
  posthog: "host personalApiKey secretKey featureFlagsPollingInterval",
};

/** Returns hints for an option that belongs to a vendor other than the dialect's. */
export function vendorHints(option: string): OptionHints | undefined {
  const [vendor] =
    Object.entries(OPTIONS_BY_VENDOR).find(([, names]) => names.split(" ").includes(option)) ?? [];
  if (vendor === undefined) return undefined;
  return {
    page: `${DOCUMENTATION_URL}/vendors/${vendor}.md`,
    names: { [option]: `is it an option of ${vendor}? ${dialectHint(vendor)}` },
  };
}

const dialectHint = (name: string): string =>
  `pass dialect: ${name}() from @sortition/${name}/dialect`;

/**
 * Rejects a dialect that is given by name, or as a function that was not called.
 *
 * @throws OptionError
 */
export function checkDialect(dialect: unknown): void {
  if (typeof dialect === "function") {
    // The message does not use the function's name, because published files are minified.
    throw new OptionError("dialect", "is a function: call it, for example dialect: growthbook()");
  }
  if (typeof dialect !== "string") return;
  // Each other dialect is in the package of the same name.
  const isOther = /^[a-z]+$/.test(dialect) && dialect !== "eppo";
  const hint = isOther ? dialectHint(dialect) : "omit it to use Eppo's";
  throw new OptionError("dialect", `is a string: ${hint}`);
}
