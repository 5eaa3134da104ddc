import { setImmediate as nextTurn } from "node:timers/promises";

/** A pending timer. */
export interface PendingTimer {
  /** Ms until the timer fires. */
  readonly inMs: number;
  readonly holdsProcess: boolean;
}

/** A clock that advances only by `advance`. It fits the clock port of `@sortition/core`. */
export interface FakeClock {
  now(): number;
  monotonicMs(): number;
  setTimer(
    callback: () => void,
    delayMs: number,
    options: { readonly holdsProcess: boolean },
  ): () => void;
  yieldNow(): Promise<void>;
  /**
   * Advances the time. Runs due timers in order, each at its time, and waits for the work that each
   * starts.
   */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forward or back. The monotonic clock does not change. */
  jump(ms: number): void;
  /** Pending timers, soonest first. */
  readonly pending: readonly PendingTimer[];
}

/** Options of a fake clock. */
export interface FakeClockOptions {
  /** Initial wall clock, epoch ms. */
  readonly startMs?: number | undefined;
  /** Resolves when real work in progress has ended, such as requests to a real server. */
  readonly settle?: (() => Promise<void>) | undefined;
}

/**
 * Turns of the event loop that follow each timer. One turn runs all microtasks. A digest on a busy machine yields twice, and
 * a refresh computes up to three, one after another.
 */
const TURNS = 8;

interface Timer {
  readonly dueAtMs: number;
  readonly holdsProcess: boolean;
  readonly callback: () => void;
}

/** Creates a clock whose time advances only by `advance`. */
export function createFakeClock(options: FakeClockOptions = {}): FakeClock {
  const { startMs = Date.UTC(2026, 0, 1), settle = async () => {} } = options;
  let elapsedMs = 0;
  let jumpedMs = 0;
  const timers = new Set<Timer>();

  const inOrder = (): readonly Timer[] => [...timers].sort((a, b) => a.dueAtMs - b.dueAtMs);
  const rest = async (): Promise<void> => {
    await nextTurn();
    await settle();
    for (let i = 0; i < TURNS; i++) await nextTurn();
  };

  return {
    now: () => startMs + jumpedMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    setTimer(callback, delayMs, { holdsProcess }) {
      const timer = { callback, holdsProcess, dueAtMs: elapsedMs + Math.max(0, delayMs) };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    yieldNow: () => nextTurn(),
    async advance(ms) {
      const endMs = elapsedMs + ms;
      await rest();
      for (;;) {
        const [next] = inOrder();
        if (next === undefined || next.dueAtMs > endMs) break;
        elapsedMs = next.dueAtMs;
        timers.delete(next);
        next.callback();
        await rest();
      }
      elapsedMs = endMs;
    },
    jump(ms) {
      jumpedMs += ms;
    },
    get pending() {
      return inOrder().map(({ dueAtMs, holdsProcess }) => ({
        inMs: dueAtMs - elapsedMs,
        holdsProcess,
      }));
    },
  };
}
