import { setImmediate as turn } from "node:timers/promises";
import { vi } from "vitest";

/** Turns of the event loop in which work that needs no time ends, such as the reading of a body. */
const TURNS = 4;

/** Default step of the clock. */
const STEP_MS = 50;

/** Ends the wait for a promise that does not settle. */
const LIMIT_MS = 60_000;

/** Replaces the value of a promise that did not settle. */
const NEVER = "never settles";

/** Starts a fake clock for a program that is played with a fake server: it stands still but for the two functions below. */
export function startProgramClock(nowMs: number): void {
  vi.useFakeTimers({
    now: nowMs,
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
  });
}

/** Ends the clock, and drops timers that are left. */
export function endProgramClock(): void {
  vi.clearAllTimers();
  vi.useRealTimers();
}

/** Advances the clock. Work that timers start ends in the same step. */
export async function passTime(ms: number, stepMs: number = STEP_MS): Promise<void> {
  await passTurns();
  for (let leftMs = ms; leftMs > 0; leftMs -= stepMs) {
    vi.advanceTimersByTime(Math.min(stepMs, leftMs));
    await passTurns();
  }
}

/** Returns the value of a promise, and advances the clock until it settles. */
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
