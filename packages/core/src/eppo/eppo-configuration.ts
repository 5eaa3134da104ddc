import type { Configuration } from "../model/configuration.js";

/** A configuration of Eppo's dialect: the members that no other dialect has. */
export interface EppoConfiguration extends Configuration {
  /** The payload's `format` (`SERVER`, `CLIENT`); empty if it is missing. */
  readonly format: string;
  /** Whether flag keys, attribute names and listed strings in the payload are MD5 hashes. */
  readonly isObfuscated: boolean;
  /** When the vendor published it, as the payload has it; empty if it is missing. */
  readonly createdAt: string;
}

/** Whether a configuration is one of Eppo's dialect. */
export function isEppoConfiguration(
  configuration: Configuration,
): configuration is EppoConfiguration {
  // By name, not by class: the configuration may come from another copy of this package.
  return configuration.dialect.name === "eppo";
}
