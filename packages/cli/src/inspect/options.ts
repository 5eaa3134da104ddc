import { rejectFlagOption } from "../arguments.js";
import {
  type CommandLine,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../configuration-options.js";
import { INSPECT } from "./help.js";

/** The parsed command line. */
export interface InspectOptions extends ConfigurationOptions {
  /** Keys of the flags to show; all flags if empty. */
  readonly flags: readonly string[];
  readonly isJson: boolean;
}

/** @throws UsageError */
export async function parseInspectOptions(line: CommandLine): Promise<InspectOptions> {
  rejectFlagOption(line.args, "inspect --config FILE");
  const options = await readConfigurationOptions(line, INSPECT);
  return { ...options, flags: options.positionals, isJson: options.given.has("json") };
}
