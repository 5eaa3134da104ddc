import type { Clock } from "../runtime/clock.js";

const SECOND_MS = 1_000;
/** Time of a second that comparisons may take. */
const BUDGET_MS = 5;

/** Limits the time that work takes to 5 ms a second. After work that exceeds it, a second passes without any. */
export class TimeBudget {
  readonly #clock: Pick<Clock, "monotonicMs">;
  #beganMs = Number.NEGATIVE_INFINITY;
  #usedMs = 0;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Runs work if there is time left. Returns whether it ran. */
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
