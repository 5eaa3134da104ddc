/**
 * Calls code of the user. What it throws, or rejects later, goes to `report` and no further.
 */
export function guarded(call: () => unknown, report: (cause: unknown) => void): void {
  try {
    const result = call();
    if (isThenable(result)) result.then(undefined, report);
  } catch (cause) {
    report(cause);
  }
}

/** Whether `value` has a `then` method, as a promise of any library has. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/** The message of an error, or the text of whatever else was thrown. */
export function messageOf(cause: unknown): string {
  try {
    return cause instanceof Error ? cause.message : String(cause);
  } catch {
    return "something that has no text"; // such as an object without a prototype
  }
}
