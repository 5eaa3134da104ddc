import type { Outcome } from "./outcome.js";

/** Receives each test of one segment's evaluation. */
export interface SegmentObserver {
  tested(rule: number, condition: number, holds: boolean, actual: unknown): void;
  /** The traffic was split by a string; empty: the user cannot be bucketed. */
  bucketed(text: string): void;
}

/** Receives each test of one flag's evaluation. */
export interface Observer {
  /** A segment is evaluated next. */
  segment(index: number): SegmentObserver;
  /** The segment that was evaluated last gives this. */
  decided(outcome: Outcome): void;
}
