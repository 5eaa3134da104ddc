const NOTHING: Uint8Array<ArrayBuffer> = /* @__PURE__ */ new Uint8Array();

/** Shared by all callers, so that they continue in the order of their calls. */
let waiting: Promise<void> | null = null;

/**
 * Resolves in a later turn of the event loop. Waits for another thread instead of a timer, because fake timers would
 * block it.
 */
export function laterTurn(): Promise<void> {
  waiting ??= digest().finally(() => {
    waiting = null;
  });
  return waiting;
}

async function digest(): Promise<void> {
  // Loaded on first use, because loading `node:crypto` takes 3 ms.
  const { webcrypto } = process.getBuiltinModule("node:crypto");
  await webcrypto.subtle.digest("SHA-1", NOTHING);
}
