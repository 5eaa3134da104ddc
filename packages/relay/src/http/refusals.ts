import type { Clock, Diagnostics } from "@sortition/core";

const REPORT_PAUSE_MS = 60_000;

/** Counts requests with a wrong token. Reports them at most once a minute, so that guesses do not fill the log. */
export class Refusals {
  readonly #diagnostics: Diagnostics;
  readonly #clock: Clock;
  #count = 0;
  #unreported = 0;
  #reportedAtMs = Number.NEGATIVE_INFINITY;

  constructor(diagnostics: Diagnostics, clock: Clock) {
    this.#clock = clock;
    this.#diagnostics = diagnostics;
  }

  get count(): number {
    return this.#count;
  }

  /** @param route - template of the route. */
  note(route: string): void {
    this.#count += 1;
    this.#unreported += 1;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#reportedAtMs < REPORT_PAUSE_MS) return;
    this.#reportedAtMs = nowMs;
    this.#diagnostics.warn("requests with a wrong token", { count: this.#unreported, route });
    this.#unreported = 0;
  }
}
