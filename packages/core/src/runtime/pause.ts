import type { Clock } from "./clock.js";
import type { AbortSignalLike } from "./host.js";

/** How a pause is made. */
export interface PauseOptions {
  /** Ends the pause. */
  readonly signal?: AbortSignalLike | undefined;
  /** Whether the process stays alive meanwhile: a caller waits, who may have nothing else left to do. */
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

/** A pause that someone else may end. */
export interface Nap {
  /** Resolves after a time, or at {@link wake}. One at a time. Holds no process. */
  wait(delayMs: number): Promise<void>;
  /** Ends the wait of now; nothing if there is none. */
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
 * Keeps the process alive, while someone waits for what does not do that, such as a request.
 *
 * @param maxMs - longer than that takes.
 * @returns ends it.
 */
export function holdProcess(clock: Clock, maxMs: number): () => void {
  return clock.setTimer(() => {}, maxMs, { holdsProcess: true });
}
