import type { Clock } from "../runtime/clock.js";
import type { ExposureDropReason } from "./exposure-drop-reason.js";

/** Exposures that were lost since the last report of the same reason and logger. */
export interface ExposuresDropped {
  readonly reason: ExposureDropReason;
  readonly count: number;
  /** Name of the queue; `none` if there is no logger. */
  readonly logger: string;
}

interface Cause {
  readonly reason: ExposureDropReason;
  readonly logger: string;
  count: number;
  reportedAtMs: number;
  cancelTimer: (() => void) | null;
}

const INTERVAL_MS = 60_000;

/** Tells that exposures were lost: at once, then at most once a minute for each reason and logger. */
export class DropReports {
  /** By logger, then reason: without a logger, every evaluation comes here, and should join no texts. */
  readonly #causes = new Map<string, Map<ExposureDropReason, Cause>>();
  readonly #clock: Clock;
  readonly #report: (dropped: ExposuresDropped) => void;
  /** The one that was noted last: nearly always the next one is like it, and its report is due already. */
  #last: Cause | null = null;
  #isEnding = false;

  constructor(clock: Clock, report: (dropped: ExposuresDropped) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  /** Notes that one exposure was lost. */
  note(reason: ExposureDropReason, logger: string): void {
    const last = this.#last;
    const isDue = last !== null && last.cancelTimer !== null;
    if (isDue && last.reason === reason && last.logger === logger) last.count += 1;
    else this.#noteOther(reason, logger);
  }

  #noteOther(reason: ExposureDropReason, logger: string): void {
    const known = this.#causes.get(logger)?.get(reason);
    if (known === undefined) {
      const reportedAtMs = Number.NEGATIVE_INFINITY;
      const cause: Cause = { reason, logger, count: 1, reportedAtMs, cancelTimer: null };
      const causes = this.#causes.get(logger) ?? new Map<ExposureDropReason, Cause>();
      this.#causes.set(logger, causes.set(reason, cause));
      if (!this.#isEnding) this.#tell(cause);
      return;
    }
    this.#last = known;
    known.count += 1;
    if (known.cancelTimer !== null || this.#isEnding) return;
    const inMs = known.reportedAtMs + INTERVAL_MS - this.#clock.monotonicMs();
    if (inMs <= 0) this.#tell(known);
    else {
      const tell = (): void => this.#tell(known);
      known.cancelTimer = this.#clock.setTimer(tell, inMs, { holdsProcess: false });
    }
  }

  /**
   * Tells what was kept back, and everything that is lost by `work` in one report for each reason and
   * logger. No timer is set any more.
   */
  endWith(work: () => void): void {
    this.#isEnding = true;
    work();
    for (const causes of this.#causes.values()) {
      for (const cause of causes.values()) if (cause.count > 0) this.#tell(cause);
    }
  }

  #tell(cause: Cause): void {
    const { count, logger, reason } = cause;
    cause.cancelTimer?.();
    cause.cancelTimer = null;
    // Before anybody is told: a listener may evaluate, and lose another one.
    cause.count = 0;
    cause.reportedAtMs = this.#clock.monotonicMs();
    this.#report(Object.freeze({ reason, count, logger }));
  }
}
