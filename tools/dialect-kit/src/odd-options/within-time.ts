import { vi } from "vitest";

/** How long a call may take on the fake clock, and the steps in which that goes on. */
export interface TimeLimit {
  readonly limitMs: number;
  readonly stepMs: number;
}

/** What {@link withinTime} returns of a promise that does not settle. */
export const PENDING = "pending";

/** What a promise settles with while the fake clock goes on, or {@link PENDING}. Rejects as the promise does. */
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
    await vi.advanceTimersByTimeAsync(stepMs);
  }
  return isPending ? PENDING : await promise;
}
