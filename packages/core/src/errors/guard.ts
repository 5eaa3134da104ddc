/** Stands for a value that cannot be converted to a string, such as an object without a prototype. */
const UNPRINTABLE = "a value without a string form";
const MAX_KEY_LENGTH = 200;

/**
 * Calls code of the user. An exception, or a later rejection, is passed to `report` only.
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
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/** The message of an error, or the string form of another value that was thrown. */
export function messageOf(cause: unknown): string {
  try {
    return String(cause instanceof Error ? cause.message : cause);
  } catch {
    return UNPRINTABLE;
  }
}

/** A key that a caller passed, as messages show it. JavaScript callers may pass anything. */
export function keyName(key: unknown): string {
  try {
    return String(key).slice(0, MAX_KEY_LENGTH);
  } catch {
    return UNPRINTABLE;
  }
}
