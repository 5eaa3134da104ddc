import type { Clock } from "@sortition/core/source";

/** How a pause is made. */
export interface PauseOptions {
  readonly clock: Clock;
  /** Ends the pause. */
  readonly signal: AbortSignal;
  /** Whether a caller waits. */
  readonly holdsProcess: boolean;
}

/** Resolves after a time, or when the signal is aborted. */
export function pause(
  delayMs: number,
  { clock, holdsProcess, signal }: PauseOptions,
): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.setTimer(end, delayMs, { holdsProcess });
    signal.addEventListener("abort", end);
  });
}
