import { setImmediate as nextTurn } from "node:timers/promises";
import { vi } from "vitest";
import { watchSystemWork } from "./system-work.js";

/** The start of fake time. */
const START_MS = Date.UTC(2026, 0, 1);
/** Work is over when nothing was seen of it in so many turns of the event loop. */
const QUIET_TURNS = 24;
/** More than any work takes that ends. */
const MAX_TURNS = 1_000_000;

/** The monotonic clock goes on from one situation to the next, as modules may remember its times. */
let monotonicMs = 0;

/** The clock of a process, timers and dates alike, which stands still but for `advance`. */
export interface FakeTime {
  /** Ms since the start. */
  readonly elapsedMs: number;
  /** Says that something happens: it is waited for what follows from it. */
  touch(): void;
  /** Waits until only timers are pending. */
  settle(): Promise<void>;
  /** Runs the timers that are due, each at its time, and waits for what each of them starts. */
  advance(ms: number): Promise<void>;
  /** Forgets all timers, and stops watching what the system does. */
  stop(): void;
}

/**
 * Puts fake time in the place of the real one, or begins it anew. Real time does not return before the end of the file of
 * tests: libraries such as undici keep a timer, and set it again.
 *
 * @param waitsForThreads - whether compression, hashes and ciphers are waited for.
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
  // Whole ms, and few: vitest's own are those since 1970, of which fractions are lost when ns are made of them.
  const beganAtMs = monotonicMs;
  vi.spyOn(performance, "now").mockImplementation(() => beganAtMs + elapsedMs());
  vi.spyOn(process.hrtime, "bigint").mockImplementation(
    () => BigInt(beganAtMs + elapsedMs()) * 1_000_000n,
  );
  // The host's clock uses the system time.
  vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException("", "TimeoutError")), ms);
    return controller.signal;
  });
  const work = watchSystemWork(waitsForThreads);
  /** A number, as several may wait at once. */
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
      for (let isOver = false; !isOver; ) {
        await settle();
        // The youngest timer: all others of the same time run before it.
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
