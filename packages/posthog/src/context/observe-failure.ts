import { isThenable } from "@sortition/core/internal";

/**
 * Runs a function, and reports what it throws or rejects with before the caller sees it.
 *
 * @param failed - does not throw.
 * @returns what the function returns; instead of a promise one that settles in the same way, after the report.
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
  // A promise of the same value: T stays what it is.
  return isThenable(result) ? (result.then(undefined, rethrow) as T) : result;
}
