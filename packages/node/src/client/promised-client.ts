/** What programs call first on a client. */
const METHODS = [
  ...["getBooleanAssignment", "getBoolAssignment", "getIntegerAssignment", "getNumericAssignment"],
  ...["getStringAssignment", "getJSONAssignment", "getBanditAction", "getBestAction"],
  ...["getFlagKeys", "getConfiguration", "setAssignmentLogger", "waitForInitialization", "close"],
] as const;

/**
 * The promise, with methods of a client that say what is missing: `init(…)` without `await` is a promise,
 * and JavaScript would say only that it has no such function.
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
