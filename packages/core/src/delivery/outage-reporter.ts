import type { Clock } from "../runtime/clock.js";
import { type Diagnostics, reportOutage } from "../runtime/diagnostics.js";
import { deliveryFailure } from "./delivery-failure.js";

interface Outage {
  readonly sinceMs: number;
  /** Whether its start was reported and not suppressed by the rate limit. */
  readonly isReported: boolean;
  /** Number of failed deliveries so far. */
  failed: number;
  /** Compared with the next error, because a library may report a failed request once for each of its events. */
  lastError: unknown;
}

/**
 * Reports that a logger's deliveries fail: once after the first failure, and once when a delivery
 * succeeds again. Both are warnings, so that a log of warnings also shows the recovery.
 */
export class OutageReporter {
  readonly #logger: string;
  readonly #clock: Clock;
  readonly #diagnostics: Diagnostics;
  #outage: Outage | null = null;

  /** @param logger - the logger's name in diagnostics. */
  constructor(logger: string, clock: Clock, diagnostics: Diagnostics) {
    this.#logger = logger;
    this.#clock = clock;
    this.#diagnostics = diagnostics;
  }

  /** Whether the last delivery failed. */
  get isFailing(): boolean {
    return this.#outage !== null;
  }

  /**
   * Notes a failed delivery. The same error object several times in a row is counted once.
   *
   * @param url - URL of the service. `null`: unknown, unless the error has it.
   */
  failed(error: unknown, url: string | null = null): void {
    const outage = this.#outage;
    if (outage === null) {
      const facts = { logger: this.#logger, failed: 1, ...deliveryFailure(error, url) };
      const isReported = reportOutage(this.#diagnostics, "warn", "delivery fails", facts);
      const sinceMs = this.#clock.monotonicMs();
      this.#outage = { sinceMs, isReported, failed: 1, lastError: error };
    } else if (outage.lastError !== error) {
      outage.failed += 1;
      outage.lastError = error;
    }
  }

  /** Notes a successful delivery. */
  succeeded(): void {
    const outage = this.#outage;
    if (outage === null) return;
    this.#outage = null;
    if (!outage.isReported) return;
    this.#diagnostics.warn("delivery works again", {
      logger: this.#logger,
      failed: outage.failed,
      outageMs: Math.round(this.#clock.monotonicMs() - outage.sinceMs),
    });
  }
}
