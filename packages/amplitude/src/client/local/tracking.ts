import type { AssignmentLogger } from "@sortition/core";
import {
  booleanOption,
  type Clock,
  checkLoggers,
  createExposurePipeline,
  type ExposureContext,
  type ExposurePipeline,
} from "@sortition/core/internal";
import { detailsOf } from "../../dialect/trace.js";
import type { Tracked } from "../../events/canonical.js";
import { TrackingFilter } from "../../events/filter.js";
import { assignmentToLog, exposuresToLog } from "../../events/tracking.js";
import { type ClientLog, diagnosticsTo } from "../../messages/logging.js";
import { RELEASE } from "../../version.js";
import type { TakenValues } from "../taken-values.js";
import { Analytics } from "./analytics.js";
import type { LocalEvaluationConfig, LocalSettings, TrackingConfig } from "./config.js";

const DEFAULT_CAPACITY = 65_536;

/** Tracks the evaluations of one client. */
export class Tracking {
  readonly #assignments: Uploads | null;
  readonly #exposures: Uploads | null;
  readonly #exposureFilter: TrackingFilter;
  readonly #pipeline: ExposurePipeline | null;
  readonly #sendsEvaluatedProps: boolean;
  readonly #now: () => number;

  /** @throws OptionError for an invalid value, or if the upload library is not installed. */
  constructor(
    config: LocalEvaluationConfig,
    { clock }: LocalSettings,
    log: ClientLog,
    taken: TakenValues,
  ) {
    const { assignmentConfig, exposureConfig, exposureLogger } = config;
    this.#assignments = uploadsOf("assignmentConfig", assignmentConfig, log, taken);
    this.#exposures = uploadsOf("exposureConfig", exposureConfig, log, taken);
    this.#exposureFilter = this.#exposures?.filter ?? new TrackingFilter(DEFAULT_CAPACITY);
    this.#sendsEvaluatedProps = booleanOption(
      "assignmentConfig.sendEvaluatedProps",
      assignmentConfig?.sendEvaluatedProps,
      false,
    );
    this.#pipeline = pipelineOf(exposureLogger, clock, log);
    this.#now = () => clock.now();
  }

  /** Tracks one evaluation. Never throws. */
  track(evaluated: Pick<Tracked, "results" | "user">, tracksExposure: boolean): void {
    const isExposed = tracksExposure && (this.#exposures !== null || this.#pipeline !== null);
    if (this.#assignments === null && !isExposed) return;
    const { results, user } = evaluated;
    const timestampMs = this.#now();
    const tracked = { results, user, timestampMs };
    if (this.#assignments !== null) {
      const { analytics, filter } = this.#assignments;
      const event = assignmentToLog(tracked, filter, this.#sendsEvaluatedProps);
      if (event !== null) analytics.log(event, timestampMs);
    }
    if (!isExposed) return;
    const events = exposuresToLog(tracked, this.#exposureFilter);
    if (events.length === 0) return;
    for (const event of events) this.#exposures?.analytics.log(event, timestampMs);
    if (this.#pipeline !== null) logExposures(this.#pipeline, tracked);
  }

  /** Settles when everything tracked has been delivered, or the time is over. Never rejects. */
  async flush(timeoutMs: number): Promise<void> {
    await Promise.all([
      this.#assignments?.analytics.flush(),
      this.#exposures?.analytics.flush(),
      this.#pipeline?.flush(timeoutMs),
    ]);
  }
}

interface Uploads {
  readonly analytics: Analytics;
  readonly filter: TrackingFilter;
}

function uploadsOf(
  option: string,
  config: TrackingConfig | undefined,
  log: ClientLog,
  taken: TakenValues,
): Uploads | null {
  if (!config) return null;
  const { apiKey, cacheCapacity, sendEvaluatedProps: _, ...options } = config;
  if (typeof config !== "object") {
    log.mistake(`[Experiment] option ${option} is a ${typeof config}: pass { apiKey }`);
  } else if (typeof apiKey !== "string") taken.text(`${option}.apiKey`, apiKey);
  const capacity = taken.number(`${option}.cacheCapacity`, cacheCapacity, DEFAULT_CAPACITY);
  return {
    analytics: new Analytics(option, apiKey, options, log),
    filter: new TrackingFilter(capacity),
  };
}

/**
 * Creates the pipeline of a logger.
 *
 * @throws OptionError for a value that is not a logger.
 */
function pipelineOf(
  logger: AssignmentLogger | undefined,
  clock: Clock,
  log: ClientLog,
): ExposurePipeline | null {
  if (logger === undefined) return null;
  checkLoggers("exposureLogger", logger);
  return createExposurePipeline({
    loggers: logger,
    sdk: RELEASE,
    clock,
    diagnostics: diagnosticsTo(log),
  });
}

/** Logs an event for each flag that an evaluation's user is exposed to. Never throws. */
function logExposures(pipeline: ExposurePipeline, { results, timestampMs, user }: Tracked): void {
  const key = String(user.user_id ?? user.device_id ?? "");
  if (key === "") return;
  const { user_id: _, user_properties: properties, ...fields } = user;
  const attributes = { ...fields, ...properties } as Record<string, never>; // logged unchanged
  const call = { subject: { key, attributes }, configuration: {}, nowMs: () => timestampMs };
  for (const [flagKey, outcome] of results) {
    const { exposure } = outcome;
    if (exposure === null) continue;
    const context: ExposureContext = { ...call, flagKey };
    pipeline.record(exposure, context, detailsOf(outcome));
  }
}
