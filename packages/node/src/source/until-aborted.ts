import type { AbortSignalLike } from "@sortition/core/internal";

/**
 * Returns the result of `work`, or `instead()` if the signal is aborted first; the work continues.
 * `work` must not reject. Unlike a race with a long-lived promise, this leaves no reaction behind.
 */
export function untilAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignalLike,
  instead: () => Result,
): Promise<Result> {
  return new Promise((resolve) => {
    const onAbort = (): void => resolve(instead());
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    void work.then((result) => {
      signal.removeEventListener("abort", onAbort);
      resolve(result);
    });
  });
}
