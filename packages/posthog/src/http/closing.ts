import { setMaxListeners } from "node:events";

/** Aborts what a client has begun. Node takes more than ten requests at once for a leak otherwise. */
export function createShutdownController(): AbortController {
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  return closing;
}
