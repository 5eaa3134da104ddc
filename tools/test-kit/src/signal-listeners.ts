import { getEventListeners } from "node:events";

/** Returns the number of listeners on a signal, to check that many calls leave none behind. */
export function signalListeners(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}
