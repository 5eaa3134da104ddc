import { setMaxListeners } from "node:events";

/** Aborts what a client has begun. Node takes more than ten requests at once for a leak otherwise. */
export function createShutdownController(): AbortController {
  const closing = new AbortController();
  try {
    setMaxListeners(0, closing.signal);
  } catch {
    // A signal of jsdom, under which test suites run, is unknown to Node, which does not count its listeners.
  }
  return closing;
}

/** Ends what a client has begun. */
export class Closing {
  #controller = createShutdownController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends everything that has a signal, or gets one before {@link renew}. */
  abort(): void {
    this.#controller.abort();
  }

  /** Begins anew: for what the client does after its shutdown. */
  renew(): void {
    this.#controller = createShutdownController();
  }
}
