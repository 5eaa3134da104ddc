import { setMaxListeners } from "node:events";

/**
 * Creates the controller that aborts a client's work. Without raising the limit, Node.js reports more than ten
 * concurrent requests as a leak.
 */
export function createShutdownController(): AbortController {
  const closing = new AbortController();
  try {
    setMaxListeners(0, closing.signal);
  } catch {
    // Node.js rejects a signal of jsdom, which some test suites use, but does not count its listeners either.
  }
  return closing;
}

/** Aborts the work of a client. */
export class Closing {
  #controller = createShutdownController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts all work that uses the signal, including work that starts before {@link renew}. */
  abort(): void {
    this.#controller.abort();
  }

  /** Creates a new signal for calls after the shutdown. */
  renew(): void {
    this.#controller = createShutdownController();
  }
}
