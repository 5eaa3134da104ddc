/** Called when the process exits. */
const callbacks = new Set<() => void>();

/** One listener for all: ten of them are enough for a warning of Node. */
const callAll = (): void => {
  for (const callback of [...callbacks]) callback();
};

/** Registers a callback for the exit of the process (also by `process.exit()` and an uncaught exception). Idempotent. */
export function callAtExit(callback: () => void): void {
  if (callbacks.size === 0) process.on("exit", callAll);
  callbacks.add(callback);
}

/** Takes a callback back. Idempotent. */
export function dropExitCallback(callback: () => void): void {
  if (callbacks.delete(callback) && callbacks.size === 0) process.off("exit", callAll);
}
