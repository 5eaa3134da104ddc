const callbacks = new Set<() => void>();
/**
 * Callbacks that run last, so that events which other callbacks write on exit are not reported as
 * lost.
 */
const reports = new WeakSet<() => void>();

/** One listener for all callbacks, because Node.js warns about more than ten. */
const callAll = (): void => {
  const all = [...callbacks];
  for (const callback of all) if (!reports.has(callback)) callback();
  for (const callback of all) if (reports.has(callback)) callback();
};

/**
 * Registers a callback that runs when the process exits, also by `process.exit()` or an uncaught
 * exception. Idempotent.
 */
export function callAtExit(callback: () => void): void {
  if (callbacks.size === 0) process.on("exit", callAll);
  callbacks.add(callback);
}

/** Removes a callback. Idempotent. */
export function dropExitCallback(callback: () => void): void {
  if (callbacks.delete(callback) && callbacks.size === 0) process.off("exit", callAll);
}

let collected: FinalizationRegistry<() => void> | null = null;

/**
 * Calls back with an object when the process exits, after all other callbacks. Does not keep the
 * object alive: if it was garbage-collected, there is no call. `callback` must not reference it.
 *
 * @returns a function that removes the callback.
 */
export function callAtExitWith<T extends object>(
  owner: T,
  callback: (owner: T) => void,
): () => void {
  const held = new WeakRef(owner);
  const report = (): void => {
    const open = held.deref();
    if (open !== undefined) callback(open);
  };
  const forget = (): void => dropExitCallback(report);
  reports.add(report);
  callAtExit(report);
  collected ??= new FinalizationRegistry((forgetCollected) => forgetCollected());
  collected.register(owner, forget);
  return forget;
}
