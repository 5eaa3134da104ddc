import {
  type CommandLine,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../configuration-options.js";
import { type EventsOptions, eventsOptionsOf } from "../events/event-options.js";
import { type ReportOptions, reportOptionsOf } from "../report-options.js";
import { SRM } from "./help.js";

/** What the command line asks for. */
export interface SrmOptions extends ConfigurationOptions, EventsOptions, ReportOptions {
  /** Attributes whose values are tested. */
  readonly attributes: readonly string[];
  readonly isDaily: boolean;
}

/** @throws UsageError */
export async function parseSrmOptions(line: CommandLine): Promise<SrmOptions> {
  const options = await readConfigurationOptions(line, SRM);
  const { given } = options;
  return {
    ...options,
    ...eventsOptionsOf(options),
    attributes: given.get("by")?.split(",") ?? [],
    isDaily: given.has("daily"),
    ...reportOptionsOf(given, line.dialects),
  };
}
