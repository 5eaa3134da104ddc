import type { Clock } from "./clock.js";
import { type PauseOptions, pause } from "./pause.js";

/** Number of tries, and the pauses between them. */
export interface Retries extends PauseOptions {
  readonly clock: Clock;
  /** Maximum number of tries, including the first. */
  readonly tries: number;
  /** Returns the pause before the next try, ms. */
  pauseMs(): number;
  /** Returns whether another try may succeed. */
  isRetryable(error: unknown): boolean;
}

/**
 * Runs work until it succeeds, one try after another.
 *
 * @throws the error that ended the tries, or the last error before the signal was aborted.
 */
export async function retrying<Value>(
  retries: Retries,
  work: () => PromiseLike<Value>,
): Promise<Value> {
  const { clock, signal } = retries;
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries >= retries.tries || signal?.aborted || !retries.isRetryable(error)) throw error;
      await pause(clock, retries.pauseMs(), retries);
      if (signal?.aborted) throw error;
    }
  }
}
