import type { Observer, SegmentObserver } from "../evaluation/observer.js";
import type { Outcome } from "../evaluation/outcome.js";

/** Result of a condition and the value that it tested. */
export interface TestedCondition {
  readonly holds: boolean;
  readonly actual: unknown;
}

/** Records the tests of one segment's evaluation. */
export class RecordedSegment implements SegmentObserver {
  /** The string that the traffic was split by, or `null` if it was not split. */
  text: string | null = null;
  readonly #tests = new Map<string, TestedCondition>();

  tested(rule: number, condition: number, holds: boolean, actual: unknown): void {
    this.#tests.set(`${rule}.${condition}`, { holds, actual });
  }

  bucketed(text: string): void {
    this.text = text;
  }

  /** Returns the result of a condition, or `undefined` if it was not tested. */
  condition(rule: number, condition: number): TestedCondition | undefined {
    return this.#tests.get(`${rule}.${condition}`);
  }
}

/** Records the evaluation of one flag. */
export class Observations implements Observer {
  readonly segments: RecordedSegment[] = [];
  outcome: Outcome | null = null;

  segment(): SegmentObserver {
    const segment = new RecordedSegment();
    this.segments.push(segment);
    return segment;
  }

  decided(outcome: Outcome): void {
    this.outcome = outcome;
  }
}
