import type { Clock } from "../runtime/clock.js";
import { type Diagnostics, reportOutage } from "../runtime/diagnostics.js";
import { deliveryFailure } from "./delivery-failure.js";

interface Outage {
  readonly sinceMs: number;
  /** Whether its beginning was reported, and not suppressed as one of many. */
  readonly isReported: boolean;
  /** Failed deliveries so far. */
  failed: number;
  /** For the comparison with the next one: a library may report a failed request once for each of its events. */
  lastError: unknown;
}

/**
 * Reports that deliveries of a logger fail: once after the first failure, and once when a delivery
 * succeeds again. Both are warnings, so that a log of warnings shows the end, too.
 */
export class OutageReporter {
  readonly #logger: string;
  readonly #clock: Clock;
  readonly #diagnostics: Diagnostics;
  #outage: Outage | null = null;

  /** @param logger - its name in the diagnostics. */
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
   * Notes a failed delivery. The same error object, given several times in a row, counts once.
   *
   * @param url - of the service; `null`: unknown, unless the error has it.
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

  /** Notes a delivery that succeeded. */
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
