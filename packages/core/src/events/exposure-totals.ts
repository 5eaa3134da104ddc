import type { LoggerTally } from "./logger-counters.js";

/**
 * All events since the client was created: `accepted = delivered + failed + dropped + pending`. Events that a logger
 * accepted, but that its `stats()` count as `failed`, `dropped` or `buffered`, are not counted as delivered.
 */
export interface ExposureTotals {
  readonly accepted: number;
  readonly delivered: number;
  /** Events for which the logger threw, rejected or did not settle in time, or which it counts as failed. */
  readonly failed: number;
  /** Events dropped for any other reason, or by the logger. */
  readonly dropped: number;
  /** Buffered, queued or in flight. */
  readonly pending: number;
}

/** Returns the totals of one logger, or of the buffer of a client without a logger. */
export function totalsOf({
  buffered,
  ended,
  inFlight,
  later,
  queued,
}: LoggerTally): ExposureTotals {
  const { held, ...lost } = later;
  const { accepted, delivered, failed } = ended;
  return Object.freeze({
    accepted,
    delivered: delivered - held - lost.failed - lost.dropped,
    failed: failed + lost.failed,
    dropped: ended.lost - failed + lost.dropped,
    pending: buffered + queued + inFlight + held,
  });
}

/**
 * Returns the totals of the buffer that holds events until a logger is set. Events that it handed over to a logger are left out,
 * because they are in the totals of that logger.
 */
export function totalsWithoutHandedOver(tally: LoggerTally): ExposureTotals {
  const totals = totalsOf(tally);
  return Object.freeze({ ...totals, accepted: totals.accepted - totals.delivered, delivered: 0 });
}

/**
 * Corrects the totals with the `stats()` of a logger that the user wrote: events that it lost or still holds are not counted as
 * delivered. It may count events of other clients too, so no more events are moved than it took without a receipt.
 */
export function totalsWithDownstream(
  totals: ExposureTotals,
  unclaimed: number,
  stats: object | null,
): ExposureTotals {
  let left = unclaimed;
  let { delivered } = totals;
  const taken = (name: string): number => {
    const count = (stats as Readonly<Record<string, unknown>> | null)?.[name];
    const part = typeof count === "number" && count > 0 ? Math.min(left, count) : 0;
    left -= part;
    delivered -= part;
    return part;
  };
  const failed = totals.failed + taken("failed");
  const dropped = totals.dropped + taken("dropped");
  const pending = totals.pending + taken("buffered");
  return Object.freeze({ ...totals, delivered, failed, dropped, pending });
}

export function sumOf(all: readonly ExposureTotals[]): ExposureTotals {
  const sum = (part: keyof ExposureTotals): number =>
    all.reduce((total, totals) => total + totals[part], 0);
  return Object.freeze({
    accepted: sum("accepted"),
    delivered: sum("delivered"),
    failed: sum("failed"),
    dropped: sum("dropped"),
    pending: sum("pending"),
  });
}
