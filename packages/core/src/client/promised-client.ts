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
 */
export function withAwaitHints<T>(promise: Promise<T>, call: string): Promise<T> {
  for (const name of METHODS) {
    const value = (): never => {
      throw new TypeError(`${call} returns a promise: write \`await ${call}\` before ${name}`);
    };
    Object.defineProperty(promise, name, { value });
  }
  return promise;
}
