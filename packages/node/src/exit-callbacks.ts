const callbacks = new Set<() => void>();
/** Those that are called last: what the others write at the exit is not lost. */
const reports = new WeakSet<() => void>();

/** One listener for all, since Node warns about more than ten. */
const callAll = (): void => {
  const all = [...callbacks];
  for (const callback of all) if (!reports.has(callback)) callback();
  for (const callback of all) if (reports.has(callback)) callback();
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

let collected: FinalizationRegistry<() => void> | null = null;

/**
 * Calls back at the exit of the process with an object, behind all other callbacks, unless that was collected before: it is not kept by this.
 * `callback` must not refer to it.
 *
 * @returns what removes the callback.
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
