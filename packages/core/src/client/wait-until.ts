import { guarded } from "../errors/guard.js";
import { flushLogger } from "../events/flush.js";
import type { LoggerQueue } from "../events/logger-queue.js";
import type { Clock } from "../runtime/clock.js";
import { startDeadline } from "../runtime/deadline.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import { listenerFailed } from "./lifecycle/listeners.js";

/** Keeps a serverless platform awake until the promise is settled. */
export type WaitUntil = (promise: Promise<void>) => unknown;

/**
 * Returns a function to call with each queue that has received an event. It passes one promise to
 * `waitUntil` for each drain: from the first event of a queue until the queue is idle and its logger,
 * which may hold events itself, is flushed.
 */
export function createDrains(
  waitUntil: WaitUntil,
  clock: Clock,
  diagnostics: Diagnostics,
  timeoutMs: number,
): (queue: LoggerQueue) => void {
  const drains = new WeakMap<LoggerQueue, Promise<void>>();
  /** Queues whose last drain has not called the logger's `flush` yet. */
  const collecting = new Set<LoggerQueue>();
  const drain = async (queue: LoggerQueue): Promise<void> => {
    // At most one drain runs and one waits, whatever the rate of events.
    await drains.get(queue);
    await clock.yieldNow();
    // Each event ends, at the latest by the time-out of its logger.
    while (!queue.isIdle) await queue.settle(new Promise(() => {}));
    collecting.delete(queue);
    // The client does not await this promise: a `flush` that hangs must not hold the process.
    const deadline = startDeadline(clock, timeoutMs, undefined, false);
    await flushLogger(queue, deadline, diagnostics);
    deadline.end();
  };
  return (queue) => {
    // A logger that is synchronous and has no `flush` has delivered it.
    if (collecting.has(queue) || (queue.isIdle && !queue.logger.flush)) return;
    collecting.add(queue);
    const drained = drain(queue);
    drains.set(queue, drained);
    guarded(
      () => waitUntil(drained),
      (cause) => listenerFailed(diagnostics, "waitUntil", cause),
    );
  };
}
