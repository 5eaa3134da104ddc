import { guarded } from "../errors/guard.js";
import { MAX_DELAY_MS } from "../errors/option-checks.js";
import { host, hostMonotonicMs, runAfterOthers, setsTimers } from "./host.js";
import { MAX_TIME_MS } from "./iso-time.js";

/** Whether a pending timer keeps the process alive. */
export interface TimerOptions {
  readonly holdsProcess: boolean;
}

/**
 * The source of all times. Intervals and deadlines use the monotonic clock, and ages use both clocks (see `moment.ts`).
 * Otherwise, wall time is only used in event timestamps, allocation windows and messages.
 */
export interface Clock {
  /** Returns the wall-clock time, epoch ms. */
  now(): number;
  /** Returns the time of a clock that never jumps, in ms since an arbitrary moment. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs`, and returns a function that cancels the timer. Every timer of the library uses this. */
  setTimer(callback: () => void, delayMs: number, options: TimerOptions): () => void;
  /** Yields to other work of the event loop. */
  yieldNow(): Promise<void>;
}

export const CLOCK_PARTS: readonly (keyof Clock)[] = ["now", "monotonicMs", "setTimer", "yieldNow"];

/** Creates the real clock, with the members of `part` replaced. */
export function createClock(part?: Partial<Clock>): Clock {
  if (part === undefined) return createHostClock();
  const clock: Clock = {
    now: reading(part, "now", () => Date.now()),
    monotonicMs: reading(part, "monotonicMs", hostMonotonicMs),
    setTimer: settingTimers(part),
    yieldNow: yielding(part, () => yieldToHost(clock)),
  };
  return clock;
}

/**
 * A separate function, because nearly every client uses the real clock, and a process starts faster without the rest.
 */
function createHostClock(): Clock {
  const clock: Clock = {
    now: () => Date.now(),
    monotonicMs: hostMonotonicMs,
    setTimer: setHostTimer,
    yieldNow: () => yieldToHost(clock),
  };
  return clock;
}

/**
 * Wraps the user's `setTimer`. If it throws, the real one is used instead, so that polling continues. If it does not
 * return a function that cancels (e.g. it returns Node's timer), a cancelled timer still fires, without an effect.
 */
function settingTimers(part: Partial<Clock>): Clock["setTimer"] {
  const own = part.setTimer?.bind(part);
  if (own === undefined) return setHostTimer;
  return (callback, ...timer) => {
    let isCancelled = false;
    try {
      const cancel = own(
        () => {
          if (!isCancelled) callback();
        },
        ...timer,
      );
      return () => {
        isCancelled = true;
        guarded(cancel, () => {});
      };
    } catch {
      return setHostTimer(callback, ...timer);
    }
  };
}

/** Wraps the user's `yieldNow`. If it throws or rejects, the real one is used instead, so that the work continues. */
function yielding(part: Partial<Clock>, real: () => Promise<void>): () => Promise<void> {
  const own = part.yieldNow?.bind(part);
  if (own === undefined) return real;
  return async () => {
    try {
      await own();
    } catch {
      await real();
    }
  };
}

/**
 * Wraps the user's clock. If it throws or does not return a time, the real one is read instead, so that the evaluation
 * continues.
 */
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

/** Sets a timer of the host. On a host without timers, the callback is never called. */
function setHostTimer(callback: () => void, delayMs: number, options: TimerOptions): () => void {
  try {
    const timer = host().setTimeout?.(callback, Math.min(delayMs, MAX_DELAY_MS));
    // Only Node and similar hosts have timers that can be unref'd.
    if (!options.holdsProcess) (timer as { unref?: () => void } | undefined)?.unref?.();
    return () => host().clearTimeout?.(timer);
  } catch {
    return () => {};
  }
}

/** Whether this clock can set timers now, see {@link setsTimers}. */
export function canSetTimers(clock: Clock): boolean {
  return clock.setTimer !== setHostTimer || setsTimers();
}
