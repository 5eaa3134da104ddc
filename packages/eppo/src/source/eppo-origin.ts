import { eppoAddresses } from "@sortition/core/eppo";
import { type ConfigurationOrigin, rejectUnknownOptions } from "@sortition/core/internal";
import { httpOrigin } from "@sortition/node/internal";
import { type EppoOriginOptions, NO_STREAM, ORIGIN_OPTION_NAMES } from "./options.js";

/**
 * Creates an origin for Eppo's server. It fetches the flags and, if they refer to any, the bandit
 * models.
 *
 * @throws OptionError if an option is unknown or invalid.
 */
export function eppoOrigin(options: EppoOriginOptions): ConfigurationOrigin {
  rejectUnknownOptions(options, ORIGIN_OPTION_NAMES, undefined, () => NO_STREAM);
  return httpOrigin({ ...options, dialect: eppoAddresses() });
}
