import { getEventListeners } from "node:events";

/** Number of listeners that a signal has: nothing may be left on one that outlives many calls. */
export function signalListeners(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}
