import {
  type AbortSignalLike,
  type Clock,
  NetworkError,
  TimeoutError,
} from "@sortition/core/source";

/** What ends an operation: its deadline, or a signal of the caller. */
export interface DeadlineOptions {
  readonly clock: Clock;
  /** Ms from the call. The timer does not hold the process: a caller who waits does that. */
  readonly timeoutMs: number;
  /** Aborts the operation. No listener is left on it. */
  readonly signal: AbortSignalLike;
}

/**
 * Runs an operation under one deadline, however many requests and bodies it consists of. The result
 * settles when the deadline passes, even if the operation ignores its signal: name look-up and
 * decompression cannot be aborted.
 *
 * @throws TimeoutError when the deadline passes, NetworkError when `signal` is aborted, and the errors
 * of the operation.
 * @see docs/spec/lifecycle.md §1.1, "deadline"
 */
export async function withDeadline<T>(
  options: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock, timeoutMs, signal: outer } = options;
  const controller = new AbortController();
  const onOuterAbort = (): void =>
    controller.abort(new NetworkError("the request was aborted", null));
  const onTimeout = (): void => controller.abort(new TimeoutError("request", timeoutMs));

  const cancelTimer = clock.setTimer(onTimeout, timeoutMs, { holdsProcess: false });
  outer.addEventListener("abort", onOuterAbort);
  try {
    if (outer.aborted) onOuterAbort();
    controller.signal.throwIfAborted();
    return await Promise.race([work(controller.signal), whenAborted(controller.signal)]);
  } finally {
    cancelTimer();
    outer.removeEventListener("abort", onOuterAbort);
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
