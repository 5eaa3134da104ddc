import type { WindowDescription } from "./description.js";

/** Whether an allocation is active, by its window. */
export type WindowState = "open" | "not-started" | "ended";

/** Returns the state of a window. Both ends are inclusive. */
export function windowStateAt(window: WindowDescription | null, nowMs: number): WindowState {
  if (window === null) return "open";
  if (window.startAtMs !== null && nowMs < window.startAtMs) return "not-started";
  return window.endAtMs !== null && nowMs > window.endAtMs ? "ended" : "open";
}
