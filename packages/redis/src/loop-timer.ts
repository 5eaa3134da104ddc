import type { Clock } from "@sortition/core/internal";

/** Number of parts of the delay. A blocked event loop uses up at most one part. */
const PARTS = 10;

/**
 * Calls back once, after the event loop has run for `delayMs`. The result cancels it. Never keeps
 * the process alive.
 * While the event loop is blocked, or the process is not scheduled, no data can be received, so
 * silence proves nothing. Any such time counts as at most a tenth of the delay. The event loop runs
 * timers before it reads sockets, so the sockets are read once more before the call.
 */
export function setLoopTimer(clock: Clock, callback: () => void, delayMs: number): () => void {
  let isCancelled = false;
  let partsLeft = PARTS;
  let cancelPart = (): void => {};
  const end = async (): Promise<void> => {
    await clock.yieldNow();
    if (!isCancelled) callback();
  };
  const next = (): void => {
    partsLeft -= 1;
    const then = partsLeft === 0 ? () => void end() : next;
    cancelPart = clock.setTimer(then, delayMs / PARTS, { holdsProcess: false });
  };
  next();
  return () => {
    isCancelled = true;
    cancelPart();
  };
}
