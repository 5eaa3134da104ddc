import type { Clock } from "@sortition/core/internal";

/** Parts that the time of a timer is divided into: a blocked event loop uses up one of them at most. */
const PARTS = 10;

/**
 * Calls back once after `delayMs` in which the event loop ran; the result cancels it. While the loop is
 * blocked, or the process gets no processor, nothing can be heard, so that silence proves nothing: such a
 * time counts as a tenth of the delay, however long it was. The loop calls timers before it reads sockets:
 * they are read once more before the call. Never keeps the process alive.
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
