/** Callbacks for the exit of the process. */
const callbacks = new Set<() => void>();

/** One listener for all, since Node warns about more than ten. */
const callAll = (): void => {
  for (const callback of [...callbacks]) callback();
};

/** Registers a callback for the exit of the process (also by `process.exit()` and an uncaught exception). Idempotent. */
export function callAtExit(callback: () => void): void {
  if (callbacks.size === 0) process.on("exit", callAll);
  callbacks.add(callback);
}

/** Removes a callback. Idempotent. */
export function dropExitCallback(callback: () => void): void {
  if (callbacks.delete(callback) && callbacks.size === 0) process.off("exit", callAll);
}
