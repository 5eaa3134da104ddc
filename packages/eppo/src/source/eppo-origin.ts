import { eppoAddresses } from "@sortition/core/eppo";
import { type ConfigurationOrigin, rejectUnknownOptions } from "@sortition/core/internal";
import { httpOrigin } from "@sortition/node/internal";
import { type EppoOriginOptions, NO_STREAM, ORIGIN_OPTION_NAMES } from "./options.js";

/**
 * Creates an origin for Eppo's server: the flags and, if these refer to any, the models of bandits.
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function eppoOrigin(options: EppoOriginOptions): ConfigurationOrigin {
  rejectUnknownOptions(options, ORIGIN_OPTION_NAMES, undefined, () => NO_STREAM);
  return httpOrigin({ ...options, dialect: eppoAddresses() });
}
