import type { Clock } from "../runtime/clock.js";

const SECOND_MS = 1_000;
/** Time per second that comparisons may take. */
const BUDGET_MS = 5;

/** Limits work to 5 ms per second. Once the limit is reached, no work runs for a full second. */
export class TimeBudget {
  readonly #clock: Pick<Clock, "monotonicMs">;
  #beganMs = Number.NEGATIVE_INFINITY;
  #usedMs = 0;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Runs the work if there is time left, and returns whether it ran. */
  run(work: () => void): boolean {
    const startedMs = this.#clock.monotonicMs();
    if (startedMs - this.#beganMs >= SECOND_MS) {
      this.#beganMs = startedMs;
      this.#usedMs = 0;
    }
    if (this.#usedMs >= BUDGET_MS) return false;
    work();
    const endedMs = this.#clock.monotonicMs();
    this.#usedMs += endedMs - startedMs;
    if (this.#usedMs >= BUDGET_MS) this.#beganMs = endedMs;
    return true;
  }
}
