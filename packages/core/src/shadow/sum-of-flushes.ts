import type { FlushResult } from "../events/flush.js";

/** Adds the results of a primary and, if it is a client, a candidate. */
export function sumOfFlushes(results: readonly FlushResult[]): FlushResult {
  const [first, second] = results as readonly [FlushResult, FlushResult?]; // there is a primary
  if (second === undefined) return first;
  const totals = Object.fromEntries(
    Object.entries(first.totals).map(([name, count]) => [
      name,
      count + second.totals[name as keyof FlushResult["totals"]],
    ]),
  ) as unknown as FlushResult["totals"]; // the same members
  return {
    underWay: first.underWay + second.underWay,
    delivered: first.delivered + second.delivered,
    failed: first.failed + second.failed,
    dropped: first.dropped + second.dropped,
    pending: first.pending + second.pending,
    timedOut: first.timedOut || second.timedOut,
    totals,
    loggers: [...first.loggers, ...second.loggers],
  };
}
