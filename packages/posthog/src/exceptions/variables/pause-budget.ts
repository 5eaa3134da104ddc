/** Pauses in one second, and their time together. */
const MAX_PAUSES = 50;
const MAX_PAUSED_MS = 20;
const SECOND_MS = 1_000;

/** Limits how much of each second is spent in pauses. */
export class PauseBudget {
  #secondEndsAtMs = 0;
  #pauses = 0;
  #pausedMs = 0;

  /**
   * Counts a pause.
   *
   * @param pausedMs - without the time in which the pause waited for a processor: it would wait without a pause, too.
   * @returns how long to do without pauses from its start on, in ms; `0`: not at all.
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
