import type { Clock } from "./clock.js";
import { type AbortSignalLike, createAbortController } from "./host.js";

/** A deadline: a timer, which usually holds the process while it is awaited, and a signal that it fires. */
export interface Deadline {
  readonly signal: AbortSignalLike;
  /** Resolves at the deadline or when the outer signal fires; never if ended before. */
  readonly expired: Promise<void>;
  remainingMs(): number;
  /** Fires the signal now. */
  expire(): void;
  /** Clears the timer, and removes the listener from the outer signal. */
  end(): void;
}

/**
 * Starts a deadline.
 *
 * @param outer - fires the deadline early.
 */
export function startDeadline(
  clock: Clock,
  timeoutMs: number,
  outer?: AbortSignalLike,
  holdsProcess = true,
): Deadline {
  const controller = createAbortController();
  const endsAtMs = clock.monotonicMs() + timeoutMs;
  let expire = (): void => {};
  const expired = new Promise<void>((resolve) => {
    expire = () => {
      controller.abort();
      resolve();
    };
  });
  const cancel = clock.setTimer(expire, timeoutMs, { holdsProcess });
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
