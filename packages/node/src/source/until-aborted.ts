import type { AbortSignalLike } from "@sortition/core/kit";

/**
 * What work results in, or something else when the signal is aborted before; the work goes on. It must not reject.
 * Unlike a race with a promise that outlives many pieces of work, it leaves nothing behind.
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
