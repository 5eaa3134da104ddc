const SAMPLE_MS = 20;

/**
 * Measures how late this machine runs timers. A busy machine delays each process of the fleet, so time bounds grow by the
 * measured delay.
 */
export class MachineDelay {
  readonly #timer: NodeJS.Timeout;
  #worstMs = 0;
  #dueAtMs = performance.now() + SAMPLE_MS;

  constructor() {
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      this.#worstMs = Math.max(this.#worstMs, nowMs - this.#dueAtMs);
      this.#dueAtMs = nowMs + SAMPLE_MS;
    }, SAMPLE_MS);
  }

  /** Returns the longest delay since the last call. */
  take(): number {
    const worstMs = this.#worstMs;
    this.#worstMs = 0;
    return worstMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
