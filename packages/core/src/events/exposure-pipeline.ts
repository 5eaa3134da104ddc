import type { ExposureBase } from "../model/exposure.js";
import type { Clock } from "../runtime/clock.js";
import { startDeadline } from "../runtime/deadline.js";
import { type Diagnostics, limitDiagnostics } from "../runtime/diagnostics.js";
import { createMetaData, type Sdk } from "./event-metadata.js";
import type { ExposureContext } from "./exposure-context.js";
import type { ExposureOutcome } from "./exposure-outcome.js";
import { Exposures } from "./exposures.js";
import { endExposures, type FlushResult, flushExposures } from "./flush.js";
import { DEFAULT_LIMITS } from "./logger-queue.js";
import type { Loggers } from "./loggers.js";

/** Dependencies of {@link createExposurePipeline}. */
export interface ExposurePipelineOptions {
  /** Same as a client's `assignmentLogger`, checked by `checkLoggers` of `@sortition/core/internal`. `null`: none. */
  readonly loggers: Loggers | null;
  /** The package named in events. */
  readonly sdk: Sdk;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
}

/**
 * Hands exposures to loggers like a client: isolated from loggers' errors, queued and counted. The caller is
 * responsible for deduplication. No method throws or rejects.
 */
export interface ExposurePipeline {
  /**
   * Logs one exposure.
   *
   * @param details - the event's `evaluationDetails`. `null`: none.
   */
  record(exposure: ExposureBase, context: ExposureContext, details: object | null): ExposureOutcome;
  /** Waits until the loggers have the recorded exposures, at most this long. */
  flush(timeoutMs: number): Promise<FlushResult>;
  /** Flushes, drops the rest, and closes `owned` loggers. Refuses all further exposures. */
  close(timeoutMs: number): Promise<FlushResult>;
}

/** Creates an {@link ExposurePipeline} without a client, for packages with their own evaluation. */
export function createExposurePipeline({
  clock,
  diagnostics: given,
  loggers,
  sdk,
}: ExposurePipelineOptions): ExposurePipeline {
  const diagnostics = limitDiagnostics(given, clock);
  const exposures = new Exposures({
    loggers,
    deduplication: { assignments: null, bandits: null },
    storeOf: () => null,
    limits: DEFAULT_LIMITS,
    metaDataOf: createMetaData(sdk),
    clock,
    diagnostics,
    onDropped: () => {},
  });
  const within = async (timeoutMs: number, work: typeof flushExposures): Promise<FlushResult> => {
    const deadline = startDeadline(clock, timeoutMs);
    const result = await work(exposures, deadline, diagnostics);
    deadline.end();
    return result;
  };
  return {
    record: (exposure, context, details) => exposures.record(exposure, context, details),
    flush: (timeoutMs) => within(timeoutMs, flushExposures),
    close(timeoutMs) {
      exposures.close();
      return within(timeoutMs, endExposures);
    },
  };
}
