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

/** A pause that can be ended by other code. */
export interface Nap {
  /** Resolves after a time, or at {@link wake}. Only one wait at a time. Does not keep the process alive. */
  wait(delayMs: number): Promise<void>;
  /** Ends the current wait, if there is one. */
  wake(): void;
}

/** Creates a {@link Nap}. */
export function createNap(clock: Clock): Nap {
  let wake = (): void => {};
  return {
    wait: (delayMs) =>
      new Promise((resolve) => {
        const cancel = clock.setTimer(resolve, delayMs, { holdsProcess: false });
        wake = () => {
          cancel();
          resolve();
        };
      }),
    wake: () => wake(),
  };
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
