import { vi } from "vitest";

/** Maximum duration of a call on the fake clock, and the steps in which the clock advances. */
export interface TimeLimit {
  readonly limitMs: number;
  readonly stepMs: number;
}

/** Turns of the event loop before the clock advances. Reading a response needs some, and no timer. */
const TURNS = 20;
/** The real function, also while timers are fake. */
const { setImmediate: soon } = globalThis;

/** Result of {@link withinTime} for a promise that does not settle. */
export const PENDING = "pending";

/**
 * Advances the fake clock, and returns the value of the promise, or {@link PENDING}. Rejects if the
 * promise rejects.
 */
export async function withinTime<T>(
  promise: Promise<T>,
  { limitMs, stepMs }: TimeLimit,
): Promise<T | typeof PENDING> {
  let isPending = true;
  const settle = (): void => {
    isPending = false;
  };
  promise.then(settle, settle);
  for (let ms = 0; isPending && ms < limitMs; ms += stepMs) {
    for (let turn = 0; isPending && turn < TURNS; turn++) await new Promise((next) => soon(next));
    if (!isPending) break;
    await vi.advanceTimersByTimeAsync(stepMs);
  }
  return isPending ? PENDING : await promise;
}
