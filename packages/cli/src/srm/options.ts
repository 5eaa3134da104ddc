import type { CommandLine } from "../configuration-options.js";
import { UsageError } from "../errors.js";
import { type EventsOptions, eventsOptionsOf } from "../events/event-options.js";
import { type HistoryOptions, readHistoryOptions } from "../history/history-options.js";
import { type ReportOptions, reportOptionsOf } from "../report-options.js";
import { SRM } from "./help.js";

export interface SrmOptions extends HistoryOptions, EventsOptions, ReportOptions {
  /** Attributes whose values to test. */
  readonly attributes: readonly string[];
  readonly isDaily: boolean;
  /** Whether the always-valid test decides the verdict. */
  readonly isAlwaysValid: boolean;
  /** Whether an experiment fails if only a part of it has a mismatch. */
  readonly failsOnParts: boolean;
}

/** @throws UsageError */
export async function parseSrmOptions(line: CommandLine): Promise<SrmOptions> {
  const options = await readHistoryOptions(line, SRM);
  const { given } = options;
  const events = eventsOptionsOf(options);
  const sampling = ["sample", "part"].find((name) => given.has(name));
  if (events.reading.map?.hasCounts && sampling !== undefined) {
    throw new UsageError(`--${sampling}: rows with counts have no subjects to select`);
  }
  if (
    events.reading.map?.hasCounts &&
    options.history !== null &&
    !events.reading.map.columns.has("time")
  ) {
    throw new UsageError("--history: rows with counts need a time. Add time=COLUMN to --map");
  }
  return {
    ...options,
    ...events,
    attributes: given.get("by")?.split(",") ?? [],
    isDaily: given.has("daily"),
    isAlwaysValid: given.has("always-valid"),
    failsOnParts: failsOnParts(given.get("fail-on")),
    ...reportOptionsOf(given),
  };
}

/** @throws UsageError */
function failsOnParts(name: string | undefined): boolean {
  if (name === undefined || name === "parts") return name !== undefined;
  throw new UsageError(`--fail-on: expected parts, got ${JSON.stringify(name)}`);
}
