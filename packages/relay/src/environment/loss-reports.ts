import type { Clock, Diagnostics } from "@sortition/core";
import { type ExposureLoggers, lostIn } from "./exposure-loggers.js";

const REPORT_EVERY_MS = 60_000;

/** Logs the total number of lost exposures once a minute while it grows. */
export class LossReports {
  readonly #exposures: ExposureLoggers;
  readonly #diagnostics: Diagnostics;
  readonly #clock: Clock;
  #reported = 0;
  #cancel: () => void = () => {};

  constructor(exposures: ExposureLoggers, diagnostics: Diagnostics, clock: Clock) {
    this.#exposures = exposures;
    this.#diagnostics = diagnostics;
    this.#clock = clock;
    if (exposures.loggers !== null) this.#wait();
  }

  /**
   * Ends the reports. Call it after the loggers were closed, because waiting exposures are counted as lost.
   *
   * @returns the number of exposures that were lost since the last report.
   */
  end(): number {
    this.#cancel();
    const counts = this.#exposures.counts();
    const waiting = counts.reduce((sum, it) => sum + it.waiting, 0);
    const lost = lostIn(counts) + waiting - this.#reported;
    if (lost > 0) this.#diagnostics.error("exposures lost on close", { count: lost });
    return lost;
  }

  #wait(): void {
    this.#cancel = this.#clock.setTimer(() => this.#report(), REPORT_EVERY_MS, {
      holdsProcess: false,
    });
  }

  #report(): void {
    this.#wait();
    const counts = this.#exposures.counts();
    const total = lostIn(counts);
    if (total === this.#reported) return;
    this.#reported = total;
    for (const it of counts) {
      const { logger, lost } = it;
      const count = lostIn([it]);
      if (count > 0) this.#diagnostics.error("exposures lost", { logger, total: count, ...lost });
    }
  }
}
