/** The first and the last of some times, epoch ms. Times that are not known (`NaN`) do not count. */
export class TimeRange {
  #fromMs = Number.POSITIVE_INFINITY;
  #toMs = Number.NEGATIVE_INFINITY;

  add(timeMs: number): void {
    if (timeMs < this.#fromMs) this.#fromMs = timeMs;
    if (timeMs > this.#toMs) this.#toMs = timeMs;
  }

  /** `null`: there are no times. */
  get bounds(): readonly [fromMs: number, toMs: number] | null {
    return this.#fromMs <= this.#toMs ? [this.#fromMs, this.#toMs] : null;
  }
}
