import type { FlushCounts } from "../delivery/ledger.js";

/**
 * Outcome of the events of one flush: `delivered + failed + dropped + pending` is the number of events
 * that waited or were in flight when it began.
 */
export interface LoggerFlushSummary extends FlushCounts {
  /** Nothing failed, was dropped or is pending. */
  readonly ok: boolean;
}

export function summaryOf(counts: FlushCounts): LoggerFlushSummary {
  const { failed, dropped, pending } = counts;
  return Object.freeze({ ok: failed + dropped + pending === 0, ...counts });
}
