import type { Outcome } from "./outcome.js";

/** Receives each test of one segment's evaluation. */
export interface SegmentObserver {
  tested(rule: number, condition: number, holds: boolean, actual: unknown): void;
  /** Called when the traffic is split by a string. Empty if the user cannot be bucketed. */
  bucketed(text: string): void;
}

/** Receives each test of one flag's evaluation. */
export interface Observer {
  /** Called before each segment. */
  segment(index: number): SegmentObserver;
  /** Called when the current segment decides the outcome. */
  decided(outcome: Outcome): void;
}
