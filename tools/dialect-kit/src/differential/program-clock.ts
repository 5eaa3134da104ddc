import { setImmediate as turn } from "node:timers/promises";
import { vi } from "vitest";

/** Number of turns of the event loop for work that needs no time, such as reading a body. */
const TURNS = 4;

/** Default step of the clock. */
const STEP_MS = 50;

/** Maximum wait for a promise that does not settle. */
const LIMIT_MS = 60_000;

/** Replaces the value of a promise that did not settle. */
const NEVER = "never settles";

/**
 * Starts a fake clock for a program with a fake server. Time advances only by the two functions
 * below.
 */
export function startProgramClock(nowMs: number): void {
  vi.useFakeTimers({
    now: nowMs,
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
  });
}

/** Stops the clock, and drops the remaining timers. */
export function endProgramClock(): void {
  vi.clearAllTimers();
  vi.useRealTimers();
}

/** Advances the clock. Work that a timer starts ends in the same step. */
export async function passTime(ms: number, stepMs: number = STEP_MS): Promise<void> {
  await passTurns();
  for (let leftMs = ms; leftMs > 0; leftMs -= stepMs) {
    vi.advanceTimersByTime(Math.min(stepMs, leftMs));
    await passTurns();
  }
}

/** Advances the clock until a promise settles, and returns its value. */
export async function settled<T>(promise: Promise<T>): Promise<T | typeof NEVER> {
  let isPending = true;
  const settle = (): void => {
    isPending = false;
  };
  promise.then(settle, settle);
  await passTurns();
  for (let ms = 0; isPending && ms < LIMIT_MS; ms += STEP_MS) await passTime(STEP_MS);
  return isPending ? NEVER : promise;
}

async function passTurns(): Promise<void> {
  for (let i = 0; i < TURNS; i++) await turn();
}
