import { isThenable } from "../errors/guard.js";
import type { Clock } from "../runtime/clock.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { Outcome } from "./outcome.js";
import { ComparisonTally, type DifferenceListener } from "./shadow-report.js";
import type { ShadowCall, Side } from "./side.js";
import { SubjectSample } from "./subject-sample.js";
import { TimeBudget } from "./time-budget.js";

/** Maximum number of pending promises of a candidate. */
const MAX_WAITING = 1_000;

export interface ComparisonsOptions {
  /** Share of subjects whose calls are compared, from 0 to 1. */
  readonly sample: number;
  readonly onDifference: DifferenceListener | null;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly diagnostics: Diagnostics;
}

/** Compares served calls with the other side, within a budget of time, and counts the results. */
export class Comparisons {
  readonly #sample: SubjectSample;
  readonly #budget: TimeBudget;
  readonly tally: ComparisonTally;
  #waiting = 0;

  constructor({ clock, diagnostics, onDifference, sample }: ComparisonsOptions) {
    this.#sample = new SubjectSample(sample);
    this.#budget = new TimeBudget(clock);
    this.tally = new ComparisonTally(onDifference, diagnostics);
  }

  /** Compares what the primary served with the candidate. */
  withCandidate(call: ShadowCall, served: Outcome, candidate: Side): void {
    this.#compare(call, (other) => this.tally.add(call, served, other), candidate);
  }

  /** Compares what the candidate served with the primary. */
  withPrimary(call: ShadowCall, served: Outcome, primary: Side): void {
    this.#compare(call, (other) => this.tally.add(call, other, served), primary);
  }

  #compare(call: ShadowCall, add: (other: Outcome) => void, side: Side): void {
    if (!this.#sample.has(call.subjectKey)) return;
    const failed = (): void => add({ ...FAILURE, value: call.defaultValue });
    const hasRun = this.#budget.run(() => {
      try {
        const other = side.compare(call);
        if (isThenable(other)) this.#addLater(other, add, failed);
        else add(other);
      } catch {
        failed();
      }
    });
    if (!hasRun) this.tally.skip();
  }

  #addLater(other: PromiseLike<Outcome>, add: (other: Outcome) => void, failed: () => void): void {
    if (this.#waiting >= MAX_WAITING) {
      other.then(undefined, () => {});
      this.tally.skip();
      return;
    }
    this.#waiting += 1;
    other.then(
      (it) => {
        this.#waiting -= 1;
        add(it);
      },
      () => {
        this.#waiting -= 1;
        failed();
      },
    );
  }
}

const FAILURE: Omit<Outcome, "value"> = {
  variation: null,
  allocation: null,
  isDefault: true,
  isPlaced: false,
  reason: "failed",
  errorCode: null,
};
