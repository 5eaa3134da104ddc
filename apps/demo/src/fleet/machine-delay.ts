const SAMPLE_MS = 20;

/**
 * How late this machine runs what is due. A machine that does other things, too, delays each process of the
 * fleet, and the demo as well: a bound of time grows by what the demo sees of it.
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

  /** The longest delay since the last call, or since the beginning. */
  take(): number {
    const worstMs = this.#worstMs;
    this.#worstMs = 0;
    return worstMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
