import type { CommandLine } from "../configuration-options.js";
import { UsageError } from "../errors.js";
import { type EventsOptions, eventsOptionsOf } from "../events/event-options.js";
import { eventTimeOf } from "../events/event-time.js";
import { type HistoryOptions, readHistoryOptions } from "../history/history-options.js";
import { limitOf } from "../limit-option.js";
import { type ReportOptions, reportOptionsOf } from "../report-options.js";
import { REPLAY } from "./help.js";
import type { ReplayLimits } from "./verdict.js";

export interface ReplayOptions extends HistoryOptions, EventsOptions, ReportOptions {
  /** The latest valid time of an exposure, epoch ms. */
  readonly untilMs: number;
  readonly isListed: boolean;
  readonly showsSubjects: boolean;
  readonly limits: ReplayLimits;
}

/** How far the clock of this machine may be behind the clocks of the loggers. */
const AHEAD_MS = 3_600_000;

/** @throws UsageError, FileError */
export async function parseReplayOptions(line: CommandLine): Promise<ReplayOptions> {
  const options = await readHistoryOptions(line, REPLAY);
  const { given } = options;
  const events = eventsOptionsOf(options);
  if (events.reading.map?.hasCounts) {
    throw new UsageError(
      "--map: count is only for srm, because replay checks one exposure per row",
    );
  }
  return {
    ...options,
    ...events,
    untilMs: untilOf(given.get("until")),
    isListed: given.has("list"),
    showsSubjects: given.has("show-subjects"),
    ...reportOptionsOf(given),
    limits: {
      isTooManyWrong: limitOf("--max-wrong", given.get("max-wrong") ?? "0"),
      isTooManyUnknown: limitOf("--max-unknown", given.get("max-unknown") ?? "0"),
      isTooManyUnjudged: limitOf("--max-unjudged", given.get("max-unjudged") ?? "50%"),
    },
  };
}

function untilOf(text: string | undefined): number {
  if (text === undefined) return Date.now() + AHEAD_MS;
  const ms = eventTimeOf(text, null);
  if (typeof ms === "string") throw new UsageError(`--until: ${ms}`);
  return ms;
}
