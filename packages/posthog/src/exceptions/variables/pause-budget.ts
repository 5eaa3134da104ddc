/** Maximum number and total time of pauses per second. */
const MAX_PAUSES = 50;
const MAX_PAUSED_MS = 20;
const SECOND_MS = 1_000;

/** Limits the time per second that is spent in pauses. */
export class PauseBudget {
  #secondEndsAtMs = 0;
  #pauses = 0;
  #pausedMs = 0;

  /**
   * Counts a pause.
   *
   * @param pausedMs - excluding the time in which the pause waited for a processor, because the program would have
   * waited anyway.
   * @returns the time from the pause's start during which no further pause is allowed, ms. `0` if there is no such
   * time.
   */
  spend(startedAtMs: number, pausedMs: number): number {
    if (startedAtMs >= this.#secondEndsAtMs) {
      this.#secondEndsAtMs = startedAtMs + SECOND_MS;
      this.#pauses = 0;
      this.#pausedMs = 0;
    }
    this.#pauses += 1;
    this.#pausedMs += pausedMs;
    const isSpent = this.#pauses >= MAX_PAUSES || this.#pausedMs >= MAX_PAUSED_MS;
    return isSpent ? this.#secondEndsAtMs - startedAtMs : 0;
  }
}
