import type { Clock } from "./clock.js";
import { type AbortSignalLike, createAbortController } from "./host.js";

/** One deadline: a timer that holds the process while somebody waits, and a signal it fires. */
export interface Deadline {
  readonly signal: AbortSignalLike;
  /** Resolves when the time is up, or the outer signal fires; never if ended before. */
  readonly expired: Promise<void>;
  remainingMs(): number;
  /** Fires now. */
  expire(): void;
  /** Clears the timer and leaves the outer signal. */
  end(): void;
}

/**
 * Starts a deadline.
 *
 * @param outer - ends it early.
 */
export function startDeadline(clock: Clock, timeoutMs: number, outer?: AbortSignalLike): Deadline {
  const controller = createAbortController();
  const endsAtMs = clock.monotonicMs() + timeoutMs;
  let expire = (): void => {};
  const expired = new Promise<void>((resolve) => {
    expire = () => {
      controller.abort();
      resolve();
    };
  });
  const cancel = clock.setTimer(expire, timeoutMs, { holdsProcess: true });
  if (outer?.aborted) expire();
  outer?.addEventListener("abort", expire);
  return {
    signal: controller.signal,
    expired,
    expire,
    remainingMs: () => Math.max(0, endsAtMs - clock.monotonicMs()),
    end() {
      cancel();
      outer?.removeEventListener("abort", expire);
    },
  };
}
