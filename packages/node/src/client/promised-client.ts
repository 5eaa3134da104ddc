/** Methods of a client that a program is likely to call first. */
const METHODS = [
  ...["getBooleanAssignment", "getBoolAssignment", "getIntegerAssignment", "getNumericAssignment"],
  ...["getStringAssignment", "getJSONAssignment", "getBanditAction", "getBestAction"],
  ...["getFlagKeys", "getConfiguration", "setAssignmentLogger", "waitForInitialization", "close"],
] as const;

/**
 * Gives a promise methods of a client, which throw an error that names the missing `await`. Without them, JavaScript says
 * only that the promise of `init(…)` has no such function.
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
