import { type OptionTypes, readArguments } from "../arguments.js";
import {
  CONFIGURATION_OPTIONS,
  type ConfigurationOptions,
  dialectOptionTypes,
  readConfigurationOptions,
} from "../configuration-options.js";

/** What the command line asks for. `nowMs` is the clock of the whole run. */
export interface EvaluateOptions extends ConfigurationOptions {
  /** `null`: stdin. */
  readonly requestsPath: string | null;
  readonly hasEvents: boolean;
  readonly isQuiet: boolean;
}

/** Options that every dialect has. */
const COMMON: OptionTypes = {
  ...CONFIGURATION_OPTIONS,
  requests: { type: "string" },
  events: { type: "boolean" },
  quiet: { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

/** @throws UsageError */
export function parseEvaluateOptions(args: readonly string[]): EvaluateOptions | "help" {
  const { given } = readArguments(args, { ...COMMON, ...dialectOptionTypes("all") }, false);
  if (given.has("help")) return "help";
  const requestsPath = given.get("requests") ?? "-";
  return {
    ...readConfigurationOptions(given, COMMON),
    requestsPath: requestsPath === "-" ? null : requestsPath,
    hasEvents: given.has("events"),
    isQuiet: given.has("quiet"),
  };
}
