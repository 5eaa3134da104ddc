import type { Clock, Diagnostics } from "@sortition/core/internal";
import type { Memory } from "./memory.js";
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
export class Batch {
  readonly exposures: EdgeExposure[] = [];
  /** Monotonic time after which its request must have ended. */
  readonly dueAtMs: number;
  /** Whether the platform was asked to keep the request alive. */
  readonly isKept: boolean;

  constructor(dueAtMs: number, isKept: boolean) {
    this.dueAtMs = dueAtMs;
    this.isKept = isKept;
  }
}

/**
 * Counts the outcomes of exposures. The platform ends a request's timers and promises with the request, so the next
 * call ends overdue batches by the clock.
 */
export class Ledger {
  readonly #clock: Clock;
  readonly #memory: Memory;
  readonly #diagnostics: Diagnostics;
  #hasWarned = false;
  /** Ordered by due time. */
  readonly #open = new Set<Batch>();
  readonly #dropped = { refused: 0, failed: 0, timeout: 0, overflow: 0, "request-ended": 0 };
  #accepted = 0;
  #delivered = 0;

  constructor(clock: Clock, memory: Memory, diagnostics: Diagnostics) {
    this.#clock = clock;
    this.#memory = memory;
    this.#diagnostics = diagnostics;
  }

  get counters(): EdgeExposureCounters {
    let underWay = 0;
    for (const { exposures } of this.#open) underWay += exposures.length;
    return Object.freeze({
      accepted: this.#accepted,
      delivered: this.#delivered,
      dropped: Object.freeze({ ...this.#dropped }),
      underWay,
    });
  }

  /**
   * Opens a batch that settles within this time, unless its request ends.
   *
   * @param isKept - whether the platform was asked to keep the request alive.
   */
  open(withinMs: number, isKept: boolean): Batch {
    const batch = new Batch(this.#clock.monotonicMs() + withinMs, isKept);
    this.#open.add(batch);
    return batch;
  }

  /** Returns `false` if the exposure was dropped because the batch is full. */
  add(batch: Batch, exposure: EdgeExposure): boolean {
    this.#accepted += 1;
    if (batch.exposures.length < MAX_EXPOSURES) {
      batch.exposures.push(exposure);
      return true;
    }
    this.#dropped.overflow += 1;
    this.#memory.settle(exposure, false);
    return false;
  }

  /** Ends a batch. Only the first call has an effect. The next evaluation logs dropped exposures again. */
  settle(batch: Batch, outcome: "delivered" | DropReason): void {
    if (!this.#open.delete(batch)) return;
    const { exposures } = batch;
    const isDelivered = outcome === "delivered";
    if (isDelivered) this.#delivered += exposures.length;
    else this.#dropped[outcome] += exposures.length;
    for (const exposure of exposures) this.#memory.settle(exposure, isDelivered);
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
