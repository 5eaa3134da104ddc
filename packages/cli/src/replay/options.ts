import { findOptions } from "../arguments.js";
import {
  type CommandLine,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../configuration-options.js";
import { UsageError } from "../errors.js";
import { type EventsOptions, eventsOptionsOf } from "../events/event-options.js";
import { eventTimeOf } from "../events/event-time.js";
import { typesOf } from "../help/command-help.js";
import { limitOf } from "../limit-option.js";
import { type ReportOptions, reportOptionsOf } from "../report-options.js";
import { REPLAY } from "./help.js";
import { type RevisionFile, revisionFiles } from "./history.js";
import type { ReplayLimits } from "./verdict.js";

export interface ReplayOptions extends ConfigurationOptions, EventsOptions, ReportOptions {
  /** `null` for a single configuration. */
  readonly revisions: readonly RevisionFile[] | null;
  readonly graceMs: number;
  /** The latest valid time of an exposure, epoch ms. */
  readonly untilMs: number;
  readonly isListed: boolean;
  readonly showsSubjects: boolean;
  readonly limits: ReplayLimits;
}

const DEFAULT_GRACE_SECONDS = 60;
/** How far the clock of this machine may be behind the clocks of the loggers. */
const AHEAD_MS = 3_600_000;

/** @throws UsageError, FileError */
export async function parseReplayOptions(line: CommandLine): Promise<ReplayOptions> {
  const found = findOptions(line.args, typesOf(REPLAY.options));
  const folder = found.get("history");
  if (folder !== undefined && found.has("config")) {
    throw new UsageError(
      "--history and --config cannot be combined, because the folder contains the configurations",
    );
  }
  const revisions = folder === undefined ? null : await revisionFiles(folder);
  // The dialect is detected from the newest revision.
  const newest = revisions?.at(-1);
  const args = newest === undefined ? line.args : ["--config", newest.path, ...line.args];
  const configName = newest === undefined ? "--config" : "--history";
  const options = await readConfigurationOptions({ ...line, args, configName }, REPLAY);
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
    revisions,
    graceMs: graceOf(given.get("grace")) * 1_000,
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

function graceOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_GRACE_SECONDS;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`--grace: expected seconds, got ${JSON.stringify(text)}`);
}

function untilOf(text: string | undefined): number {
  if (text === undefined) return Date.now() + AHEAD_MS;
  const ms = eventTimeOf(text, null);
  if (typeof ms === "string") throw new UsageError(`--until: ${ms}`);
  return ms;
}
