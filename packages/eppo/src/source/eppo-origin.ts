import { eppoAddresses } from "@sortition/core/eppo";
import type { ConfigurationOrigin } from "@sortition/core/internal";
import { httpOrigin } from "@sortition/node/internal";
import { checkOptions, type EppoOriginOptions } from "./options.js";

/**
 * Creates an origin for Eppo's server. It fetches the flags and, if they refer to any, the bandit
 * models.
 *
 * @throws OptionError if an option is unknown or invalid.
 */
export function eppoOrigin(options: EppoOriginOptions): ConfigurationOrigin {
  checkOptions(options);
  return httpOrigin({ ...options, dialect: eppoAddresses() });
}
