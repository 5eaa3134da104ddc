import { type ConfigurationOptions, readConfigurationOptions } from "../configuration-options.js";
import type { DialectTable } from "../dialects/dialect.js";
import {
  eventsPathOf,
  type ReadingOptions,
  readingOf,
  readingOptionsOf,
} from "../events/event-options.js";
import type { ExposureReading } from "../events/read-exposure.js";
import type { Io } from "../io.js";
import { sampleOf } from "../keys/sample.js";
import { type Threads, threadsOf } from "../parts/threads-option.js";
import { SRM } from "./help.js";

/** What the command line asks for. */
export interface SrmOptions extends ConfigurationOptions {
  readonly eventsPath: string;
  readonly reading: ExposureReading;
  /** The same as it was typed. */
  readonly readingOptions: ReadingOptions;
  /** Attributes whose values are tested. */
  readonly attributes: readonly string[];
  readonly isDaily: boolean;
  readonly isJson: boolean;
  /** Where the page is written; `null`: there is none. */
  readonly htmlPath: string | null;
  readonly threads: Threads;
  /** The part of the subjects that is judged, 0 … 1; `null`: all. */
  readonly sample: number | null;
}

/** @throws UsageError */
export async function parseSrmOptions(
  args: readonly string[],
  io: Io,
  dialects: DialectTable,
): Promise<SrmOptions | "help"> {
  const options = await readConfigurationOptions(args, SRM, true, io, dialects);
  if (options === "help") return "help";
  const { configPath, given, positionals } = options;
  const readingOptions = readingOptionsOf(given, options.dialect);
  return {
    ...options,
    eventsPath: eventsPathOf(positionals, configPath),
    reading: readingOf(readingOptions),
    readingOptions,
    attributes: given.get("by")?.split(",") ?? [],
    isDaily: given.has("daily"),
    isJson: given.has("json"),
    htmlPath: given.get("html") ?? null,
    threads: threadsOf(given.get("threads"), dialects),
    sample: sampleOf(given.get("sample")),
  };
}
