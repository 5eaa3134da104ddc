import { guarded } from "../errors/guard.js";
import { MAX_DELAY_MS } from "../errors/option-checks.js";
import { host, hostMonotonicMs, runAfterOthers, setsTimers } from "./host.js";
import { MAX_TIME_MS } from "./iso-time.js";

/** Whether a pending timer keeps the process alive. */
export interface TimerOptions {
  readonly holdsProcess: boolean;
}

/**
 * All time comes from here. Intervals and deadlines use the monotonic clock, ages both clocks (see `moment.ts`). Apart from
 * these, wall time appears only in event timestamps, allocation windows and messages.
 */
export interface Clock {
  /** Wall clock, epoch ms. */
  now(): number;
  /** A clock that never jumps, ms since some moment. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`; the result cancels it. All timers are set here. */
  setTimer(callback: () => void, delayMs: number, options: TimerOptions): () => void;
  /** Yields to other work of the event loop. */
  yieldNow(): Promise<void>;
}

export const CLOCK_PARTS: readonly (keyof Clock)[] = ["now", "monotonicMs", "setTimer", "yieldNow"];

/** The real clock; the members of `part` replace its own. */
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

/** Apart, since nearly every client has it: the start of a process is shorter without the rest. */
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
 * A given `setTimer` that throws must not end what it paces: the real one is used instead. If it does not return a
 * function that cancels (e.g. it returns Node's timer), a cancelled timer still fires, without an effect.
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

/** A given `yieldNow` that throws or rejects must not end the work: the real one is used instead. */
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

/** A given clock that throws, or returns no time, must not end an evaluation: the real one is read instead. */
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

/** On a host that has or sets no timers the callback is never called: nothing ends by its own doing. */
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

/** Whether this clock sets timers now; see {@link setsTimers}. */
export function canSetTimers(clock: Clock): boolean {
  return clock.setTimer !== setHostTimer || setsTimers();
}
