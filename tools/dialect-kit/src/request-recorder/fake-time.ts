import { setImmediate as nextTurn } from "node:timers/promises";
import { vi } from "vitest";
import { watchSystemWork } from "./system-work.js";

/** Start of the fake time. */
const START_MS = Date.UTC(2026, 0, 1);
/** Work has ended if nothing happened in this many turns of the event loop. */
const QUIET_TURNS = 24;
/** Maximum number of turns, which is more than any work takes. */
const MAX_TURNS = 1_000_000;
/** Maximum number of times at which timers run, which is more than any situation needs. */
const MAX_STEPS = 10_000;

/**
 * The monotonic clock continues from one situation to the next, because modules may remember its
 * times.
 */
let monotonicMs = 0;

/** The clock of a process, with timers and dates. It stands still except in `advance`. */
export interface FakeTime {
  /** Ms since the start. */
  readonly elapsedMs: number;
  /** Reports that something has happened, so that the consequences are awaited. */
  touch(): void;
  /** Waits until only timers are pending. */
  settle(): Promise<void>;
  /** Runs the due timers, each at its time, and waits for what each starts. */
  advance(ms: number): Promise<void>;
  /** Drops all timers, and stops watching the system's work. */
  stop(): void;
}

/**
 * Installs fake time, or restarts it. Real time is not restored until the test file ends, because
 * libraries such as undici keep a timer and reset it.
 *
 * @param waitsForThreads - whether to wait for compression, hashes and ciphers.
 */
export function startFakeTime(waitsForThreads: boolean): FakeTime {
  if (!vi.isFakeTimers()) {
    vi.useFakeTimers({
      toFake: [
        ...(["setTimeout", "clearTimeout", "setInterval", "clearInterval"] as const),
        "Date",
      ],
    });
  }
  vi.setSystemTime(START_MS);
  const elapsedMs = (): number => Date.now() - START_MS;
  // Small whole numbers of ms. Vitest starts at the ms since 1970, and fractions are lost when they
  // are converted to ns.
  const beganAtMs = monotonicMs;
  vi.spyOn(performance, "now").mockImplementation(() => beganAtMs + elapsedMs());
  vi.spyOn(process.hrtime, "bigint").mockImplementation(
    () => BigInt(beganAtMs + elapsedMs()) * 1_000_000n,
  );
  // The host's clock would use the system time.
  vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException("", "TimeoutError")), ms);
    return controller.signal;
  });
  const work = watchSystemWork(waitsForThreads);
  /** A counter, because several callers may wait at the same time. */
  let touches = 0;
  const settle = async (): Promise<void> => {
    let all = 0;
    for (let turns = 0; turns < QUIET_TURNS; turns++) {
      all += 1;
      if (all > MAX_TURNS) throw new Error("the situation never comes to rest");
      const before = touches;
      await nextTurn();
      if (touches !== before || work.isUnderWay) turns = 0;
    }
  };
  return {
    get elapsedMs() {
      return elapsedMs();
    },
    touch() {
      touches += 1;
    },
    settle,
    stop() {
      work.stop();
      monotonicMs = beganAtMs + elapsedMs();
      vi.clearAllTimers();
    },
    async advance(ms) {
      const endMs = Date.now() + ms;
      let steps = 0;
      for (let isOver = false; !isOver; ) {
        steps += 1;
        if (steps > MAX_STEPS) {
          throw new Error(`timers ran ${MAX_STEPS} times in ${ms} ms: something repeats at once`);
        }
        await settle();
        // The newest timer. All others of the same time run before it.
        const end = setTimeout(() => {
          isOver = true;
        }, endMs - Date.now());
        vi.advanceTimersToNextTimer();
        clearTimeout(end);
      }
      await settle();
    },
  };
}
