import type { FlushCounts } from "../delivery/ledger.js";
import { CallbackError } from "../errors/errors.js";
import type { Deadline } from "../runtime/deadline.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { Exposures } from "./exposures.js";
import { type ExposureTotals, sumOfCounts } from "./logger-book.js";
import type { LoggerQueue } from "./logger-queue.js";
import { NO_LOGGER } from "./pre-logger-buffer.js";

/** Result of a flush for one logger. */
export interface LoggerFlushResult extends FlushCounts {
  readonly name: string;
  /**
   * False if events are pending at the deadline, or if the logger's `flush` threw, rejected, timed out or
   * returned `ok: false`.
   */
  readonly ok: boolean;
  /** Result of the logger's `flush`, if it is an object. */
  readonly downstream?: object;
}

/**
 * Result of a flush. It counts the events that were under way (buffered, queued or in flight) when the
 * flush started: `underWay = delivered + failed + dropped + pending`, in total and for each logger. Events
 * that a synchronous logger took before are only in `totals`.
 */
export interface FlushResult {
  /** Number of events that were under way when the flush started, over all loggers. */
  readonly underWay: number;
  readonly delivered: number;
  /** Events for which the logger threw, rejected, or did not settle in time. */
  readonly failed: number;
  /** Events dropped for any other reason. */
  readonly dropped: number;
  readonly pending: number;
  readonly timedOut: boolean;
  /** All events since the client was created, over all loggers, including what loggers lost after they took it. */
  readonly totals: ExposureTotals;
  /** Results by logger, including `none` if events wait for a logger. */
  readonly loggers: readonly LoggerFlushResult[];
}

/** Outcome of a logger's own `flush`. */
type Downstream = Pick<LoggerFlushResult, "ok" | "downstream">;

/**
 * Waits for the queues of all loggers concurrently, then flushes each logger, within the deadline. Never
 * rejects.
 */
export async function flushExposures(
  exposures: Exposures,
  deadline: Deadline,
  diagnostics: Diagnostics,
): Promise<FlushResult> {
  const { dispatcher } = exposures;
  dispatcher.endOverdue();
  const { buffered } = dispatcher;
  const loggers = await Promise.all(
    dispatcher.queues.map((queue) => flushQueue(queue, deadline, diagnostics)),
  );
  if (buffered > 0) loggers.push(waiting(buffered));
  const counts = sumOfCounts(loggers);
  return Object.freeze({
    underWay: counts.delivered + counts.failed + counts.dropped + counts.pending,
    ...counts,
    timedOut: deadline.signal.aborted,
    totals: dispatcher.totals,
    loggers: Object.freeze(loggers),
  });
}

/**
 * Flushes closed exposures, drops the rest, and closes the loggers that the client owns. Never rejects. The totals count
 * events that a logger dropped on close as `dropped`, and events that the client dropped at the deadline as `pending`.
 */
export async function endExposures(
  exposures: Exposures,
  deadline: Deadline,
  diagnostics: Diagnostics,
): Promise<FlushResult> {
  const result = await flushExposures(exposures, deadline, diagnostics);
  exposures.abandon();
  await closeLoggers(exposures, deadline, diagnostics);
  const { totals } = exposures.dispatcher;
  const [dropped, pending] = [totals.dropped - result.pending, totals.pending + result.pending];
  return Object.freeze({ ...result, totals: Object.freeze({ ...totals, dropped, pending }) });
}

async function closeLoggers(
  exposures: Exposures,
  deadline: Deadline,
  diagnostics: Diagnostics,
): Promise<void> {
  const loggers = new Set(exposures.dispatcher.ownedQueues.map(({ logger }) => logger));
  const closing = [...loggers].map(async (logger) => {
    try {
      await logger.close?.({ timeoutMs: deadline.remainingMs(), signal: deadline.signal });
    } catch (cause) {
      report("a logger could not be closed", logger.name, cause, diagnostics);
    }
  });
  await Promise.race([Promise.all(closing), deadline.expired]);
}

async function flushQueue(
  queue: LoggerQueue,
  deadline: Deadline,
  diagnostics: Diagnostics,
): Promise<LoggerFlushResult> {
  const counts = await queue.settle(deadline);
  const { ok, ...downstream } = await flushLogger(queue, deadline, diagnostics);
  return Object.freeze({
    name: queue.name,
    ...counts,
    ok: ok && counts.pending === 0,
    ...downstream,
  });
}

/** Calls the logger's `flush`, if it has one, and waits until the deadline. Never rejects. */
export async function flushLogger(
  { logger, name }: LoggerQueue,
  deadline: Deadline,
  diagnostics: Diagnostics,
): Promise<Downstream> {
  try {
    // Also called after the deadline, because a synchronous logger can still write.
    const result = logger.flush?.({ timeoutMs: deadline.remainingMs(), signal: deadline.signal });
    return await Promise.race([
      Promise.resolve(result).then(readResult),
      deadline.expired.then((): Downstream => ({ ok: false })),
    ]);
  } catch (cause) {
    report("a logger could not be flushed", name, cause, diagnostics);
    return { ok: false };
  }
}

function readResult(result: unknown): Downstream {
  if (typeof result !== "object" || result === null) return { ok: true };
  return { ok: !("ok" in result) || Boolean(result.ok), downstream: result };
}

function waiting(pending: number): LoggerFlushResult {
  return Object.freeze({ name: NO_LOGGER, delivered: 0, failed: 0, dropped: 0, pending, ok: true });
}

function report(
  message: string,
  logger: string | undefined,
  cause: unknown,
  diagnostics: Diagnostics,
): void {
  const error = new CallbackError("SORTITION_LOGGER", message, cause);
  diagnostics.error("logger failed", { code: error.code, logger, error });
}
