/** Client methods that a program is likely to call first. */
const METHODS = [
  ...["getBooleanAssignment", "getIntegerAssignment", "getNumericAssignment"],
  ...["getStringAssignment", "getJSONAssignment", "getBanditAction", "getBestAction"],
  ...["getFlagKeys", "getConfiguration", "setAssignmentLogger", "waitForInitialization", "close"],
] as const;

/**
 * Adds client methods to a promise that throw an error about the missing `await`. Without them,
 * JavaScript only reports that the promise returned by `init(…)` has no such function.
 */
export function withAwaitHints<T>(promise: Promise<T>): Promise<T> {
  for (const name of METHODS) {
    const value = (): never => {
      throw new TypeError(`init(…) returns a promise: write \`await init(…)\` before ${name}`);
    };
    Object.defineProperty(promise, name, { value });
  }
  return promise;
}
