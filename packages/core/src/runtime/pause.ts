import type { Clock } from "./clock.js";
import type { AbortSignalLike } from "./host.js";

/** Options of {@link pause}. */
export interface PauseOptions {
  /** Ends the pause. */
  readonly signal?: AbortSignalLike | undefined;
  /**
   * Whether the process stays alive meanwhile. Set it if a caller waits, because the process may have no other work.
   */
  readonly holdsProcess: boolean;
}

/** Resolves after a time, or when the signal is aborted. Never rejects. */
export function pause(
  clock: Clock,
  delayMs: number,
  { holdsProcess, signal }: PauseOptions,
): Promise<void> {
  return new Promise((resolve) => {
    let cancel = (): void => {};
    const end = (): void => {
      cancel();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    if (signal?.aborted) {
      end();
      return;
    }
    signal?.addEventListener("abort", end);
    cancel = clock.setTimer(end, delayMs, { holdsProcess });
  });
}

/**
 * Keeps the process alive while a caller waits for something that does not, such as a request.
 *
 * @param maxMs - longer than the wait can take.
 * @returns a function that ends it.
 */
export function holdProcess(clock: Clock, maxMs: number): () => void {
  return clock.setTimer(() => {}, maxMs, { holdsProcess: true });
}
