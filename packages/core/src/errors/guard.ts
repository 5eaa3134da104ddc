/** Replaces a value that cannot be converted to a string, such as an object without a prototype. */
const UNPRINTABLE = "a value without a string form";
const MAX_KEY_LENGTH = 200;

/** Calls the user's code. Exceptions and later rejections are only passed to `report`. */
export function guarded(call: () => unknown, report: (cause: unknown) => void): void {
  try {
    const result = call();
    if (isThenable(result)) result.then(undefined, report);
  } catch (cause) {
    report(cause);
  }
}

/** Whether `value` has a `then` method, like promises of any library. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/** Whether a value is a promise. Catches errors, because reading a member of the caller's object may throw. */
export function isPromise(value: unknown): boolean {
  try {
    return isThenable(value);
  } catch {
    return false;
  }
}

/** Returns the message of an error, or any other thrown value as a string. */
export function messageOf(cause: unknown): string {
  try {
    return String(cause instanceof Error ? cause.message : cause);
  } catch {
    return UNPRINTABLE;
  }
}

/** Writes a caller's key as the name of a member in code. */
export function memberName(key: unknown): string {
  const name = keyName(key);
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}

/** Formats a caller's key for messages. JavaScript callers may pass anything. */
export function keyName(key: unknown): string {
  try {
    return String(key).slice(0, MAX_KEY_LENGTH);
  } catch {
    return UNPRINTABLE;
  }
}
