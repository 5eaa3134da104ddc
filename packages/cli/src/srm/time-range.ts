/** The first and the last of several times, epoch ms. Unknown times (`NaN`) are ignored. */
export class TimeRange {
  #fromMs = Number.POSITIVE_INFINITY;
  #toMs = Number.NEGATIVE_INFINITY;

  add(timeMs: number): void {
    if (timeMs < this.#fromMs) this.#fromMs = timeMs;
    if (timeMs > this.#toMs) this.#toMs = timeMs;
  }

  /** The first and the last time; `null` if there are none. */
  get bounds(): readonly [fromMs: number, toMs: number] | null {
    return this.#fromMs <= this.#toMs ? [this.#fromMs, this.#toMs] : null;
  }
}
