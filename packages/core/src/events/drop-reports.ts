import type { Clock } from "../runtime/clock.js";
import type { ExposureDropReason } from "./exposure-drop-reason.js";

/** Exposures lost since the last report for the same reason and logger. */
export interface ExposuresDropped {
  readonly reason: ExposureDropReason;
  readonly count: number;
  /** Logger name. `none`: no logger was set. */
  readonly logger: string;
}

/** @param total - number of all exposures lost for this reason and logger. */
type DropReceiver = (dropped: ExposuresDropped, total: number) => void;

interface Cause {
  readonly reason: ExposureDropReason;
  readonly logger: string;
  count: number;
  /** Number reported so far. */
  reported: number;
  reportedAtMs: number;
  cancelTimer: (() => void) | null;
}

const INTERVAL_MS = 60_000;

/** Reports lost exposures, first immediately, then at most once a minute for each reason and logger. */
export class DropReports {
  /** By logger, then reason. Without a logger, every evaluation is counted here, which must not build a key. */
  readonly #causes = new Map<string, Map<ExposureDropReason, Cause>>();
  readonly #clock: Clock;
  readonly #report: DropReceiver;
  /** The last cause. The next exposure nearly always has the same one, whose report is already scheduled. */
  #last: Cause | null = null;
  #isEnding = false;

  constructor(clock: Clock, report: DropReceiver) {
    this.#clock = clock;
    this.#report = report;
  }

  note(reason: ExposureDropReason, logger: string): void {
    const last = this.#last;
    const isDue = last !== null && last.cancelTimer !== null;
    if (isDue && last.reason === reason && last.logger === logger) last.count += 1;
    else this.#noteOther(reason, logger);
  }

  #noteOther(reason: ExposureDropReason, logger: string): void {
    const causes = this.#causes.get(logger) ?? new Map<ExposureDropReason, Cause>();
    const cause: Cause = causes.get(reason) ?? {
      reason,
      logger,
      count: 0,
      reported: 0,
      reportedAtMs: Number.NEGATIVE_INFINITY,
      cancelTimer: null,
    };
    this.#causes.set(logger, causes.set(reason, cause));
    this.#last = cause;
    cause.count += 1;
    if (cause.cancelTimer !== null || this.#isEnding) return;
    const inMs = this.#dueInMs(cause);
    if (inMs <= 0) this.#send(cause);
    else {
      const send = (): void => this.#send(cause);
      cause.cancelTimer = this.#clock.setTimer(send, inMs, { holdsProcess: false });
    }
  }

  /**
   * Runs `work`, and reports its losses together with all pending counts, once per reason and logger.
   * Sets no timers from then on.
   */
  endWith(work: () => void): void {
    this.#isEnding = true;
    work();
    for (const cause of this.#pending()) this.#send(cause);
  }

  /** Sends the reports that are due. */
  sendOverdue(): void {
    for (const cause of this.#pending()) if (this.#dueInMs(cause) <= 0) this.#send(cause);
  }

  #pending(): readonly Cause[] {
    const causes = [...this.#causes.values()].flatMap((byReason) => [...byReason.values()]);
    return causes.filter(({ count }) => count > 0);
  }

  #dueInMs({ reportedAtMs }: Cause): number {
    return reportedAtMs + INTERVAL_MS - this.#clock.monotonicMs();
  }

  #send(cause: Cause): void {
    const { count, logger, reason } = cause;
    cause.cancelTimer?.();
    cause.cancelTimer = null;
    // Reset before the report, because a listener may evaluate and lose another exposure.
    cause.count = 0;
    cause.reported += count;
    cause.reportedAtMs = this.#clock.monotonicMs();
    this.#report(Object.freeze({ reason, count, logger }), cause.reported);
  }
}
