import type { Clock } from "./clock.js";
import { type PauseOptions, pause } from "./pause.js";

/** How often work is tried, and how long the pauses are. */
export interface Retries extends PauseOptions {
  readonly clock: Clock;
  /** All tries, the first one included. */
  readonly tries: number;
  /** Time before the next try, ms. */
  pauseMs(): number;
  /** Whether another try may succeed. */
  isRetryable(error: unknown): boolean;
}

/**
 * Tries work until it succeeds, in order.
 *
 * @throws the error of the last try: the error that ended the tries, or the last error before the signal was aborted.
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
