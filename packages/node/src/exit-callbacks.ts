type Callbacks = Set<() => void>;

/** These write what is left. */
const callbacks: Callbacks = new Set();
/** These see what is left after that. */
const reports: Callbacks = new Set();

/** One listener for all, since Node warns about more than ten. */
const callAll = (): void => {
  for (const callback of [...callbacks, ...reports]) callback();
};

/** Registers a callback for the exit of the process (also by `process.exit()` and an uncaught exception). Idempotent. */
export function callAtExit(callback: () => void, among: Callbacks = callbacks): void {
  if (callbacks.size + reports.size === 0) process.on("exit", callAll);
  among.add(callback);
}

/** Removes a callback. Idempotent. */
export function dropExitCallback(callback: () => void): void {
  const isKnown = callbacks.delete(callback) || reports.delete(callback);
  if (isKnown && callbacks.size + reports.size === 0) process.off("exit", callAll);
}

let collected: FinalizationRegistry<() => void> | null = null;

/**
 * Calls back at the exit of the process with an object, behind all of {@link callAtExit}, unless that was collected before: it is
 * not kept by this. `callback` must not refer to it.
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
  callAtExit(report, reports);
  collected ??= new FinalizationRegistry((forgetCollected) => forgetCollected());
  collected.register(owner, forget);
  return forget;
}
