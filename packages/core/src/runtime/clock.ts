import { host } from "./host.js";

/** Whether a pending timer keeps the process alive. */
export interface TimerOptions {
  readonly holdsProcess: boolean;
}

/**
 * All time comes from here. Ages, intervals and deadlines use the monotonic clock; wall time appears
 * only in event timestamps, allocation windows and texts.
 */
export interface Clock {
  /** Wall clock, epoch ms. */
  now(): number;
  /** A clock that never jumps, ms since some moment. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`; the result cancels it. No timer is set anywhere else. */
  setTimer(callback: () => void, delayMs: number, options: TimerOptions): () => void;
  /** Lets other work of the event loop run. */
  yieldNow(): Promise<void>;
}

/** The real clock, with `part` in place of what it has. */
export function createClock(part: Partial<Clock> = {}): Clock {
  const clock: Clock = {
    now: part.now?.bind(part) ?? (() => Date.now()),
    monotonicMs: part.monotonicMs?.bind(part) ?? (() => host().performance?.now() ?? Date.now()),
    setTimer: part.setTimer?.bind(part) ?? setHostTimer,
    yieldNow:
      part.yieldNow?.bind(part) ??
      (() =>
        new Promise((resolve) => {
          clock.setTimer(resolve, 0, { holdsProcess: true });
        })),
  };
  return clock;
}

function setHostTimer(callback: () => void, delayMs: number, options: TimerOptions): () => void {
  const { setTimeout } = host();
  if (setTimeout === undefined) throw new Error("this runtime has no timers: pass a clock");
  const timer = setTimeout(callback, delayMs);
  // Only Node and its like have timers that can be let go of.
  if (!options.holdsProcess) (timer as { unref?: () => void }).unref?.();
  return () => host().clearTimeout?.(timer);
}
