/** Pauses in one second, and their time together. */
const MAX_PAUSES = 50;
const MAX_PAUSED_MS = 20;
const SECOND_MS = 1_000;

/** Limits how much of each second is spent in pauses. */
export class PauseBudget {
  #secondStartedAtMs = Number.NEGATIVE_INFINITY;
  #pauses = 0;
  #pausedMs = 0;

  /**
   * Counts a pause.
   *
   * @returns how long to do without pauses, in ms; `0`: not at all.
   */
  spend(startedAtMs: number, endedAtMs: number): number {
    if (startedAtMs - this.#secondStartedAtMs >= SECOND_MS) {
      this.#secondStartedAtMs = startedAtMs;
      this.#pauses = 0;
      this.#pausedMs = 0;
    }
    this.#pauses += 1;
    this.#pausedMs += endedAtMs - startedAtMs;
    const isSpent = this.#pauses >= MAX_PAUSES || this.#pausedMs >= MAX_PAUSED_MS;
    return isSpent ? Math.max(1, this.#secondStartedAtMs + SECOND_MS - endedAtMs) : 0;
  }
}
