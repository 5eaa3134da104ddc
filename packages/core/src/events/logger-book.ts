import type { AssignmentLogger } from "../delivery/assignment-logger.js";
import { Counts, type FlushCounts } from "../delivery/ledger.js";
import { Later } from "../delivery/receipt.js";
import type { ExposureDropReason } from "./exposure-drop-reason.js";

/**
 * Counters of the exposures of one logger. Between any two turns,
 * `accepted = delivered + (the sum of dropped) + queued + inFlight + buffered`.
 */
export interface LoggerCounters {
  readonly accepted: number;
  /** Events that the logger took. For `none`: events handed to the loggers that were set later. */
  readonly delivered: number;
  /** Events delivered without attributes that JSON cannot express. Part of `delivered`. Absent: none. */
  readonly deliveredInPart?: number;
  /** Events queued until fewer than `maxConcurrent` promises are pending. */
  readonly queued: number;
  /** Estimated size of the queued events. */
  readonly queuedBytes: number;
  /** Events for which the logger returned a promise that has not settled. */
  readonly inFlight: number;
  /** Events buffered until a logger is set. Only for `none`. */
  readonly buffered: number;
  readonly dropped: Readonly<Record<ExposureDropReason, number>>;
  /**
   * Events of `delivered` that the logger still holds, or has lost since it took them. Counts only this client's events,
   * unlike `downstream`. Absent: the logger does not report the outcome of each event.
   */
  readonly later?: { readonly held: number; readonly failed: number; readonly dropped: number };
  /** Result of the logger's `stats()`, if it has that method. It may count events of other clients, too. */
  readonly downstream?: object;
  /** Where these events are now. */
  readonly totals: ExposureTotals;
}

/**
 * All events since the client was created: `accepted = delivered + failed + dropped + pending`. Events that a logger
 * took, but still holds or has lost since, are not counted as delivered. So `delivered` falls when a logger that reports
 * no outcome of each event loses some later, by its `stats()`. Events of `none` that were handed to loggers are counted there.
 */
export interface ExposureTotals {
  readonly accepted: number;
  readonly delivered: number;
  /** Events for which the logger threw, rejected or did not settle in time, or which it counts as failed. */
  readonly failed: number;
  /** Events dropped for any other reason, or by the logger. */
  readonly dropped: number;
  /** Buffered, queued, in flight or held by the logger. */
  readonly pending: number;
}

const REASONS: readonly ExposureDropReason[] = [
  ...(["logger-threw", "logger-rejected", "logger-timeout", "overflow"] as const),
  ...(["too-large", "too-deep", "no-logger", "closed"] as const),
];

/** Counts the exposures of one logger name. Its queue or buffer updates it. */
export class LoggerBook {
  readonly counts: Counts<ExposureDropReason> = new Counts(REASONS);
  readonly later: Later = new Later();
  deliveredInPart = 0;
  queued = 0;
  queuedBytes = 0;
  inFlight = 0;
  buffered = 0;

  /** @param downstream - result of the logger's `stats()`. */
  snapshot(downstream: object | null, totals: ExposureTotals): LoggerCounters {
    const { held, failed, dropped, claimed } = this.later;
    return Object.freeze({
      accepted: this.counts.accepted,
      delivered: this.counts.delivered,
      ...(this.deliveredInPart === 0 ? {} : { deliveredInPart: this.deliveredInPart }),
      queued: this.queued,
      queuedBytes: this.queuedBytes,
      inFlight: this.inFlight,
      buffered: this.buffered,
      dropped: this.counts.dropped,
      ...(claimed === 0 ? {} : { later: Object.freeze({ held, failed, dropped }) }),
      ...(downstream === null ? {} : { downstream }),
      totals,
    });
  }

  /**
   * Returns the totals. For events without a receipt, a logger's own `stats()` may report losses after it took them, without
   * those that receipts have counted. It may count events of other clients, too, so no more events are moved than it took
   * without a receipt.
   */
  totals(stats: object | null): ExposureTotals {
    const { counts, later } = this;
    let unclaimed = counts.delivered - later.claimed;
    const reported = (name: string, counted: number): number => {
      const all = (stats as Readonly<Record<string, unknown>> | null)?.[name];
      const count = typeof all === "number" ? all - counted : 0;
      const part = count > 0 ? Math.min(unclaimed, count) : 0;
      unclaimed -= part;
      return part;
    };
    const failed = later.failed + reported("failed", later.failed);
    const dropped = later.dropped + reported("dropped", later.dropped);
    const held = later.held + reported("buffered", later.held);
    return Object.freeze({
      accepted: counts.accepted,
      delivered: counts.delivered - failed - dropped - held,
      failed: counts.failed + failed,
      dropped: counts.lost - counts.failed + dropped,
      pending: counts.waiting + held,
    });
  }

  /** Returns the totals without the delivered events. The buffer without a logger delivers to loggers that count them. */
  totalsOfRest(): ExposureTotals {
    const totals = this.totals(null);
    return Object.freeze({ ...totals, accepted: totals.accepted - totals.delivered, delivered: 0 });
  }
}

export function sumOf(all: readonly ExposureTotals[]): ExposureTotals {
  const accepted = all.reduce((total, totals) => total + totals.accepted, 0);
  return Object.freeze({ accepted, ...sumOfCounts(all) });
}

export function sumOfCounts(all: readonly FlushCounts[]): FlushCounts {
  const sum = (part: keyof FlushCounts): number =>
    all.reduce((total, counts) => total + counts[part], 0);
  return {
    delivered: sum("delivered"),
    failed: sum("failed"),
    dropped: sum("dropped"),
    pending: sum("pending"),
  };
}

/** Whether the client closes the logger. Reading a member of a user's object may throw. */
export function isOwned(logger: AssignmentLogger): boolean {
  try {
    return logger.owned === true;
  } catch {
    return false;
  }
}

/** Returns a frozen copy of the result of `stats()`, or `null` if the method is missing or failed. */
export function statsOf(logger: AssignmentLogger): object | null {
  try {
    const stats: unknown = logger.stats?.();
    return typeof stats === "object" && stats !== null ? Object.freeze({ ...stats }) : null;
  } catch {
    return null;
  }
}
