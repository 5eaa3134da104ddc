import { type Clock, Counts, type Diagnostics, type Receipt } from "@sortition/core/internal";
import type { EdgeExposure } from "./send.js";

/**
 * Why an exposure was not delivered: `refused` by the receiver (4xx), `failed` for another reason, `timeout`, `overflow` of
 * one request, or `request-ended` before the outcome was known.
 */
export type DropReason = "refused" | "failed" | "timeout" | "overflow" | "request-ended";

/** Exposure counters of an isolate: accepted = delivered + all dropped + under way. */
export interface EdgeExposureCounters {
  readonly accepted: number;
  readonly delivered: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  readonly underWay: number;
}

/** Maximum number of exposures that one request sends in one turn. */
const MAX_EXPOSURES = 10_000;

/** Exposures of one request that are sent together. */
export interface Batch {
  readonly exposures: EdgeExposure[];
  /** In the order of the exposures. */
  readonly receipts: (Receipt | null)[];
  /** Counts of its request. */
  readonly counts: Counts<DropReason>;
  /** Monotonic time after which its request must have ended. */
  readonly dueAtMs: number;
  /** Whether the platform was asked to keep the request alive. */
  readonly isKept: boolean;
}

/** Returns empty counts of exposures. */
export function createCounts(): Counts<DropReason> {
  return new Counts(["refused", "failed", "timeout", "overflow", "request-ended"]);
}

/**
 * Counts the outcomes of exposures, for the isolate and for each request. The platform ends a request's timers and promises
 * with the request, so the next call ends overdue batches by the clock.
 */
export class Ledger {
  readonly #clock: Clock;
  readonly #diagnostics: Diagnostics;
  #hasWarned = false;
  /** Ordered by due time. */
  readonly #open = new Set<Batch>();
  readonly #counts = createCounts();

  constructor(clock: Clock, diagnostics: Diagnostics) {
    this.#clock = clock;
    this.#diagnostics = diagnostics;
  }

  get counters(): EdgeExposureCounters {
    const { accepted, delivered, dropped, waiting } = this.#counts;
    return Object.freeze({ accepted, delivered, dropped, underWay: waiting });
  }

  /**
   * Opens a batch that settles within this time, unless its request ends.
   *
   * @param isKept - whether the platform was asked to keep the request alive.
   */
  open(withinMs: number, isKept: boolean, counts: Counts<DropReason>): Batch {
    const dueAtMs = this.#clock.monotonicMs() + withinMs;
    const batch: Batch = { exposures: [], receipts: [], counts, dueAtMs, isKept };
    this.#open.add(batch);
    return batch;
  }

  /** Adds an exposure, or drops it if the batch is full. */
  add(batch: Batch, exposure: EdgeExposure, receipt: Receipt | null): void {
    for (const counts of [this.#counts, batch.counts]) counts.accepted += 1;
    if (batch.exposures.length < MAX_EXPOSURES) {
      batch.exposures.push(exposure);
      batch.receipts.push(receipt);
      return;
    }
    for (const counts of [this.#counts, batch.counts]) counts.lose("overflow", false);
    receipt?.settle("dropped");
  }

  /**
   * Ends a batch. Only the first call has an effect. The next evaluation logs lost exposures again.
   *
   * @param losses - exposures with another outcome. Refused ones are not logged again.
   */
  settle(
    batch: Batch,
    outcome: "delivered" | DropReason,
    losses: ReadonlyMap<EdgeExposure, "refused" | "failed"> = new Map(),
  ): void {
    if (!this.#open.delete(batch)) return;
    batch.exposures.forEach((exposure, i) => {
      const ending = losses.get(exposure) ?? outcome;
      const isRefused = losses.get(exposure) === "refused";
      for (const counts of [this.#counts, batch.counts]) {
        if (ending === "delivered") counts.delivered += 1;
        else counts.lose(ending, false);
      }
      batch.receipts[i]?.settle(ending === "delivered" ? ending : "dropped", isRefused);
    });
  }

  /** Drops the exposures of requests that ended before they were sent. */
  endOverdue(): void {
    if (this.#open.size === 0) return;
    const nowMs = this.#clock.monotonicMs();
    for (const batch of this.#open) {
      if (batch.dueAtMs > nowMs) return;
      this.settle(batch, "request-ended");
      if (!batch.isKept) this.#warnUnkept(batch.exposures.length);
    }
  }

  /** Warns once, because all requests of this isolate probably have the same problem. */
  #warnUnkept(count: number): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const message =
      "exposures lost: their request ended before they were sent, because forRequest() was called without waitUntil; write forRequest(ctx), or await client.flush() before you respond";
    this.#diagnostics.warn(message, { cause: "request not kept alive", count });
  }
}
