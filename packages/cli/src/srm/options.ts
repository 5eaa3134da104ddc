import { type ConfigurationOptions, readConfigurationOptions } from "../configuration-options.js";
import type { DialectTable } from "../dialects/dialect.js";
import { type EventsOptions, eventsOptionsOf } from "../events/event-options.js";
import type { Io } from "../io.js";
import { type ReportOptions, reportOptionsOf } from "../report-options.js";
import { SRM } from "./help.js";

/** What the command line asks for. */
export interface SrmOptions extends ConfigurationOptions, EventsOptions, ReportOptions {
  /** Attributes whose values are tested. */
  readonly attributes: readonly string[];
  readonly isDaily: boolean;
}

/** @throws UsageError */
export async function parseSrmOptions(
  args: readonly string[],
  io: Io,
  dialects: DialectTable,
): Promise<SrmOptions | "help"> {
  const options = await readConfigurationOptions(args, SRM, true, io, dialects);
  if (options === "help") return "help";
  const { given } = options;
  return {
    ...options,
    ...eventsOptionsOf(options),
    attributes: given.get("by")?.split(",") ?? [],
    isDaily: given.has("daily"),
    ...reportOptionsOf(given, dialects),
  };
}
