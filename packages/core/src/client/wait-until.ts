import { guarded } from "../errors/guard.js";
import { flushLogger } from "../events/flush.js";
import type { LoggerQueue } from "../events/logger-queue.js";
import type { Clock } from "../runtime/clock.js";
import { startDeadline } from "../runtime/deadline.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import { listenerFailed } from "./lifecycle/listeners.js";

/** Keeps a serverless platform awake until the promise is settled. */
export type WaitUntil = (promise: Promise<void>) => unknown;

/** A logger's `flush`, shared by all drains that began before it. */
interface SharedFlush {
  readonly ended: Promise<void>;
  hasBegun: boolean;
}

/**
 * Returns a function to call with each queue that has received an event. It passes a promise to `waitUntil` for each
 * queue and each turn of the event loop in which it received events. The promise lasts until these events have ended
 * and the logger, which may hold events itself, has been flushed. So each request that logs has its own promise, which
 * does not depend on other requests.
 */
export function createDrains(
  waitUntil: WaitUntil,
  clock: Clock,
  diagnostics: Diagnostics,
  timeoutMs: number,
): (queue: LoggerQueue) => void {
  /** Queues that have received an event in this turn. */
  const collecting = new Set<LoggerQueue>();
  /** The last flush of each logger. */
  const flushes = new WeakMap<LoggerQueue, SharedFlush>();
  const flush = async (queue: LoggerQueue): Promise<void> => {
    // The client does not await this promise: a `flush` that hangs must not hold the process.
    const deadline = startDeadline(clock, timeoutMs, undefined, false);
    await flushLogger(queue, deadline, diagnostics);
    deadline.end();
  };
  /** Returns false if the flush has not ended in time, because the request that started it may have ended first. */
  const hasEnded = async ({ ended }: SharedFlush, limitMs: number): Promise<boolean> => {
    const deadline = startDeadline(clock, limitMs, undefined, false);
    const isEnded = await deadline.limit(ended.then(() => true));
    deadline.end();
    return isEnded === true;
  };
  /** Flushes after the running flush has ended. */
  const flushNext = (queue: LoggerQueue): SharedFlush => {
    const running = flushes.get(queue);
    const run = async (): Promise<void> => {
      await clock.yieldNow();
      if (running !== undefined) await hasEnded(running, timeoutMs);
      next.hasBegun = true;
      await flush(queue);
    };
    const next: SharedFlush = { hasBegun: false, ended: Promise.resolve().then(run) };
    flushes.set(queue, next);
    return next;
  };
  const drain = async (queue: LoggerQueue): Promise<void> => {
    await null;
    collecting.delete(queue);
    await queue.settle(null);
    if (!queue.logger.flush) return;
    const last = flushes.get(queue);
    // At most one flush runs and one waits, at any rate of events.
    if (last === undefined || last.hasBegun) await flushNext(queue).ended;
    // This flush waits for at most one other flush, hence twice the time limit.
    else if (!(await hasEnded(last, 2 * timeoutMs))) await flush(queue);
  };
  return (queue) => {
    // A synchronous logger without `flush` has already delivered the event.
    if (collecting.has(queue) || (queue.isIdle && !queue.logger.flush)) return;
    collecting.add(queue);
    const drained = drain(queue);
    guarded(
      () => waitUntil(drained),
      (cause) => listenerFailed(diagnostics, "waitUntil", cause),
    );
  };
}
