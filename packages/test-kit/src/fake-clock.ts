import { setImmediate as nextTurn } from "node:timers/promises";

/** A timer that is waiting. */
export interface PendingTimer {
  /** Ms from now. */
  readonly inMs: number;
  readonly holdsProcess: boolean;
}

/** A clock that stands still until it is told to go on. It fits the clock port of `@sortition/core`. */
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
   * Lets time pass: runs what falls due in its order, each at its time, and lets what it started come
   * to rest before time goes on.
   */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forward or back; the monotonic clock does not notice. */
  jump(ms: number): void;
  /** What is waiting now, soonest first. */
  readonly pending: readonly PendingTimer[];
}

/** How a fake clock begins, and what it waits for. */
export interface FakeClockOptions {
  /** Wall clock at the beginning, epoch ms. */
  readonly startMs?: number;
  /** Resolves when real work in progress (requests to a real server, say) has come to rest. */
  readonly settle?: () => Promise<void>;
}

interface Timer {
  readonly dueAtMs: number;
  readonly holdsProcess: boolean;
  readonly callback: () => void;
}

/** Creates a clock that stands still. */
export function createFakeClock(options: FakeClockOptions = {}): FakeClock {
  const { startMs = Date.UTC(2026, 0, 1), settle = async () => {} } = options;
  let elapsedMs = 0;
  let jumpedMs = 0;
  const timers = new Set<Timer>();

  const inOrder = (): readonly Timer[] => [...timers].sort((a, b) => a.dueAtMs - b.dueAtMs);
  const rest = async (): Promise<void> => {
    // One turn runs all microtasks; what was started in it may need another one.
    await nextTurn();
    await settle();
    await nextTurn();
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
