import { type ConfigurationOptions, readConfigurationOptions } from "../configuration-options.js";
import type { DialectTable } from "../dialects/dialect.js";
import type { Io } from "../io.js";
import { INSPECT } from "./help.js";

/** What the command line asks for. */
export interface InspectOptions extends ConfigurationOptions {
  /** Keys of the flags to show; none: all. */
  readonly flags: readonly string[];
  readonly isJson: boolean;
}

/** @throws UsageError */
export async function parseInspectOptions(
  args: readonly string[],
  io: Io,
  dialects: DialectTable,
): Promise<InspectOptions | "help"> {
  const options = await readConfigurationOptions(args, INSPECT, true, io, dialects);
  if (options === "help") return "help";
  return { ...options, flags: options.positionals, isJson: options.given.has("json") };
}
