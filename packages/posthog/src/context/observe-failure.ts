import { isThenable } from "@sortition/core/internal";

/**
 * Runs a function. If it throws or rejects, the failure is reported before the caller receives it.
 *
 * @param failed - must not throw.
 * @returns the function's result. A promise is replaced by one that settles in the same way after the report.
 */
export function observeFailure<T>(work: () => T, failed: (cause: unknown) => void): T {
  const rethrow = (cause: unknown): never => {
    failed(cause);
    throw cause;
  };
  let result: T;
  try {
    result = work();
  } catch (cause) {
    return rethrow(cause);
  }
  // A promise of the same value, so the type T still applies.
  return isThenable(result) ? (result.then(undefined, rethrow) as T) : result;
}
