/** Client methods that a program is likely to call first. */
const METHODS = [
  ...["getBooleanAssignment", "getIntegerAssignment", "getNumericAssignment"],
  ...["getStringAssignment", "getJSONAssignment", "getBanditAction", "getBestAction"],
  ...["getFlagKeys", "getConfiguration", "setAssignmentLogger", "waitForInitialization", "close"],
  ...["forSubject", "evaluate"],
] as const;

/**
 * Adds client methods to a promise that throw an error about the missing `await`. Without them, JavaScript only reports that
 * the promise has no such function.
 *
 * @param call - the call that returns the promise, such as `init(…)`.
 * @param properties - other members of what the promise resolves with, which throw when they are read.
 */
export function withAwaitHints<T>(
  promise: Promise<T>,
  call: string,
  properties: readonly (keyof T)[] = [],
): Promise<T> {
  const advice = (name: string): string =>
    `${call} returns a promise: write \`await ${call}\` before ${name}`;
  for (const name of properties) {
    const get = (): never => {
      throw new TypeError(advice(String(name)));
    };
    Object.defineProperty(promise, name, { get });
  }
  return withMethodHints(promise, advice);
}

/** Adds client methods to an object that creates clients. They throw an error with this message. */
export function withMethodHints<T extends object>(target: T, message: (name: string) => string): T {
  for (const name of METHODS) {
    const value = (): never => {
      throw new TypeError(message(name));
    };
    Object.defineProperty(target, name, { value });
  }
  return target;
}
