import type { FlushResult } from "../events/flush.js";
import { sumOf } from "../events/logger-book.js";

/** Adds the results of a primary and, if it is a client, a candidate. */
export function sumOfFlushes(results: readonly FlushResult[]): FlushResult {
  const [first, second] = results as readonly [FlushResult, FlushResult?]; // there is a primary
  if (second === undefined) return first;
  return {
    underWay: first.underWay + second.underWay,
    delivered: first.delivered + second.delivered,
    failed: first.failed + second.failed,
    dropped: first.dropped + second.dropped,
    pending: first.pending + second.pending,
    timedOut: first.timedOut || second.timedOut,
    totals: sumOf([first.totals, second.totals]),
    loggers: [...first.loggers, ...second.loggers],
  };
}
