import { type OptionTypes, readArguments } from "../arguments.js";
import {
  CONFIGURATION_OPTIONS,
  type ConfigurationOptions,
  dialectOptionTypes,
  readConfigurationOptions,
} from "../configuration-options.js";

/** What the command line asks for. */
export interface InspectOptions extends ConfigurationOptions {
  /** Keys of the flags to show; none: all. */
  readonly flags: readonly string[];
  readonly isJson: boolean;
}

const COMMON: OptionTypes = {
  ...CONFIGURATION_OPTIONS,
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

/** @throws UsageError */
export function parseInspectOptions(args: readonly string[]): InspectOptions | "help" {
  const types = { ...COMMON, ...dialectOptionTypes("of configurations") };
  const { given, positionals } = readArguments(args, types, true);
  if (given.has("help")) return "help";
  return {
    ...readConfigurationOptions(given, COMMON, "eppo"),
    flags: positionals,
    isJson: given.has("json"),
  };
}
