import { host, hostMonotonicMs, runAfterOthers } from "./host.js";

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

/** Names of the members of {@link Clock}. */
export const CLOCK_PARTS: readonly (keyof Clock)[] = ["now", "monotonicMs", "setTimer", "yieldNow"];

/** The furthest that a `Date` reaches. */
const MAX_TIME_MS = 8.64e15;
/** The longest delay of a host's timer; beyond it a timer would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The real clock, with `part` in place of what it has. */
export function createClock(part: Partial<Clock> = {}): Clock {
  const clock: Clock = {
    now: reading(part, "now", () => Date.now()),
    monotonicMs: reading(part, "monotonicMs", hostMonotonicMs),
    setTimer: part.setTimer?.bind(part) ?? setHostTimer,
    yieldNow: part.yieldNow?.bind(part) ?? (() => yieldToHost(clock)),
  };
  return clock;
}

/** A user's clock that throws, or tells no time, must not end an evaluation: the real one answers. */
function reading(
  part: Partial<Clock>,
  name: "now" | "monotonicMs",
  real: () => number,
): () => number {
  const own = part[name]?.bind(part);
  if (own === undefined) return real;
  return () => {
    try {
      const timeMs = own();
      return Math.abs(timeMs) <= MAX_TIME_MS ? timeMs : real();
    } catch {
      return real();
    }
  };
}

function yieldToHost(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    if (clock.setTimer !== setHostTimer) clock.setTimer(resolve, 0, { holdsProcess: true });
    else if (!runAfterOthers(resolve)) resolve();
  });
}

/** Where the host has no timers nothing ever calls back: work ends when it is done, not by the clock. */
function setHostTimer(callback: () => void, delayMs: number, options: TimerOptions): () => void {
  const timer = host().setTimeout?.(callback, Math.min(delayMs, MAX_DELAY_MS));
  // Only Node and its like have timers that can be let go of.
  if (!options.holdsProcess) (timer as { unref?: () => void } | undefined)?.unref?.();
  return () => host().clearTimeout?.(timer);
}
