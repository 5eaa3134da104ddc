import type { Exposures } from "../events/exposures.js";
import type { Deadline } from "../runtime/deadline.js";

/** What one logger did with the events of a flush. */
export interface LoggerFlushResult {
  readonly name: string;
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  readonly pending: number;
  /** False if its own `flush` threw, rejected, did not end in time, or said so itself. */
  readonly ok: boolean;
}

/**
 * What a flush came to, over the events that were waiting or in flight when it began:
 * `delivered + failed + dropped + pending` is their number.
 */
export interface FlushResult {
  readonly delivered: number;
  readonly failed: number;
  readonly dropped: number;
  readonly pending: number;
  readonly timedOut: boolean;
  readonly loggers: readonly LoggerFlushResult[];
}

/** Waits for the logger, then flushes it, all within the deadline. Never rejects. */
export async function flushExposures(
  exposures: Exposures,
  deadline: Deadline,
): Promise<FlushResult> {
  let timedOut = false;
  const expired = deadline.expired.then(() => {
    timedOut = true;
  });
  const { logger } = exposures;
  const counts = await exposures.settle(expired);
  const ok = await Promise.race([flushLogger(exposures, deadline), expired.then(() => false)]);
  const loggers = logger ? [{ name: logger.name ?? "assignmentLogger", ...counts, ok }] : [];
  return Object.freeze({ ...counts, timedOut, loggers });
}

async function flushLogger({ logger }: Exposures, deadline: Deadline): Promise<boolean> {
  try {
    const timeoutMs = deadline.remainingMs();
    const result: unknown = await logger?.flush?.({ timeoutMs, signal: deadline.signal });
    return !(typeof result === "object" && result !== null && "ok" in result && !result.ok);
  } catch {
    return false;
  }
}
