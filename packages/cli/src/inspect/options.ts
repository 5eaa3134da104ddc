import {
  type CommandOptions,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../configuration-options.js";
import type { DialectTable } from "../dialects/dialect.js";

/** What the command line asks for. */
export interface InspectOptions extends ConfigurationOptions {
  /** Keys of the flags to show; none: all. */
  readonly flags: readonly string[];
  readonly isJson: boolean;
}

const COMMAND: CommandOptions = {
  name: "inspect",
  types: { json: { type: "boolean" } },
  allowPositionals: true,
  hasDefaultDialect: true,
};

/** @throws UsageError */
export async function parseInspectOptions(
  args: readonly string[],
  dialects: DialectTable,
): Promise<InspectOptions | "help"> {
  const options = await readConfigurationOptions(args, COMMAND, dialects);
  if (options === "help") return "help";
  return { ...options, flags: options.positionals, isJson: options.given.has("json") };
}
