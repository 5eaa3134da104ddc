import type { Clock } from "./clock.js";

/** The two readings that a moment needs. */
export type Readings = Pick<Clock, "monotonicMs" | "now">;

/** A moment in the past, by both clocks. */
export interface Moment {
  readonly monotonicMs: number;
  /** Epoch ms. */
  readonly wallMs: number;
}

/** Returns the moment `agoMs` before now. */
export function momentAgo(clock: Readings, agoMs = 0): Moment {
  return { monotonicMs: clock.monotonicMs() - agoMs, wallMs: clock.now() - agoMs };
}

/**
 * Returns how long ago a moment was, ms: the larger difference of the two clocks. The monotonic clock stands still
 * while a function or a virtual machine is frozen, and the wall clock may be set back. After the wall clock was set
 * forward, ages are too large once, until everything that seems too old has been renewed.
 */
export function msSince({ monotonicMs, wallMs }: Moment, clock: Readings): number {
  return Math.max(clock.monotonicMs() - monotonicMs, clock.now() - wallMs);
}
