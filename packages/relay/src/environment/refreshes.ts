import { Timer } from "@sortition/core/internal";
import type { Clock } from "@sortition/node";

/** Minimum time between two refreshes by webhooks. */
const REFRESH_PAUSE_MS = 1_000;

/** Fetches a configuration when the vendor reports a change: now, or one second after the last such request. */
export class Refreshes {
  readonly #clock: Clock;
  readonly #fetch: () => Promise<unknown>;
  #fetchedAtMs = Number.NEGATIVE_INFINITY;
  readonly #timer: Timer;
  #isFetching = false;
  /** Whether the vendor reported a change while the response to an earlier request was awaited. */
  #isOutdated = false;

  constructor(clock: Clock, fetch: () => Promise<unknown>) {
    this.#clock = clock;
    this.#fetch = fetch;
    this.#timer = new Timer(clock);
  }

  request(): void {
    if (this.#timer.isSet) return;
    if (this.#isFetching) {
      this.#isOutdated = true;
      return;
    }
    const waitMs = this.#fetchedAtMs + REFRESH_PAUSE_MS - this.#clock.monotonicMs();
    if (waitMs <= 0) void this.#refresh();
    else this.#timer.set(waitMs, () => this.request());
  }

  /** Ends the wait for the next request. */
  end(): void {
    this.#timer.cancel();
  }

  async #refresh(): Promise<void> {
    this.#fetchedAtMs = this.#clock.monotonicMs();
    this.#isFetching = true;
    await this.#fetch();
    this.#isFetching = false;
    if (!this.#isOutdated) return;
    this.#isOutdated = false;
    this.request();
  }
}
