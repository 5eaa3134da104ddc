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
