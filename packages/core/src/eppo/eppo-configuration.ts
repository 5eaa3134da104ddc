import type { Configuration } from "../model/configuration.js";

/** A configuration of Eppo's dialect, with the members that only this dialect has. */
export interface EppoConfiguration extends Configuration {
  /** The payload's `format` (`SERVER`, `CLIENT`). Empty if it is missing. */
  readonly format: string;
  /** Whether flag keys, attribute names and listed strings in the payload are MD5 hashes. */
  readonly isObfuscated: boolean;
  /** When the vendor published it, as in the payload. Empty if it is missing. */
  readonly createdAt: string;
}

/** Whether a configuration belongs to Eppo's dialect. */
export function isEppoConfiguration(
  configuration: Configuration,
): configuration is EppoConfiguration {
  // Compares names instead of classes, because the configuration may come from another copy of this package.
  return configuration.dialect.name === "eppo";
}
