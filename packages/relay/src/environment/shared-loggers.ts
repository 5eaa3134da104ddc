import type { LoggerSlot, RetryingQueue } from "./logger-slot.js";
import type { Fleet } from "./sources.js";

/** Maximum number of exposures kept in memory while Redis is unavailable. */
const MAX_PENDING = 10_000;
/** Above this number requests are refused. It leaves room for requests that were already admitted. */
const FULL_AT = MAX_PENDING - 200;

type SharedLogger = ReturnType<Fleet["dedupe"]>;
type Outbox = ReturnType<Fleet["outbox"]>;

/** A logger that asks the fleet about each exposure, and the outbox behind it. */
interface Shared {
  readonly logger: SharedLogger;
  readonly outbox: Outbox;
  readonly queue: RetryingQueue;
}

/** Loggers that store exposures in Redis first, so that all replicas together deliver each one once. */
export class SharedLoggers {
  readonly #fleet: Pick<Fleet, "dedupe" | "outbox">;
  /** Size of the waiting exposures of one logger above which requests are refused. */
  maxBytes: number;
  readonly #bySlot = new Map<LoggerSlot, Shared>();

  constructor(fleet: Pick<Fleet, "dedupe" | "outbox">, maxBytes: number) {
    this.#fleet = fleet;
    this.maxBytes = maxBytes;
  }

  /** Returns loggers for these slots. Those of other slots stay open until {@link close}. */
  use(slots: readonly LoggerSlot[]): readonly SharedLogger[] {
    return slots.map((slot) => (this.#bySlot.get(slot) ?? this.#share(slot)).logger);
  }

  /** Whether there is room for the exposures of another request. */
  get hasRoom(): boolean {
    return [...this.#bySlot.values()].every(({ logger, outbox }) => {
      const { buffered, bufferedBytes } = logger.stats();
      const heldBytes = bufferedBytes + outbox.stats().bufferedBytes;
      return buffered <= FULL_AT && heldBytes <= this.maxBytes;
    });
  }

  /**
   * Delivers the remaining exposures of some slots, bypassing Redis if it does not respond, and accepts no more. Never rejects.
   *
   * @param slots - default: all.
   */
  async close(
    timeoutMs: number,
    slots: Iterable<LoggerSlot> = [...this.#bySlot.keys()],
  ): Promise<void> {
    const closing = [...slots].map(async (slot) => {
      const shared = this.#bySlot.get(slot);
      if (shared === undefined) return;
      this.#bySlot.delete(slot);
      await shared.logger.close({ timeoutMs, signal: AbortSignal.timeout(timeoutMs) });
      slot.endQueue(shared.queue);
    });
    await Promise.all(closing).catch(() => {});
  }

  #share(slot: LoggerSlot): Shared {
    const options = { name: slot.name, maxPending: MAX_PENDING };
    // The outbox must not lose an exposure that was admitted, so it has room for more.
    const settings = { ...options, maxPending: 2 * MAX_PENDING };
    const outbox = this.#fleet.outbox(slot.behindQueue, settings);
    const logger = this.#fleet.dedupe(outbox, options);
    const queue = { counts: () => countsOf(logger, outbox), stored: () => outbox.stored() };
    const shared = { logger, outbox, queue };
    this.#bySlot.set(slot, shared);
    slot.addQueue(queue);
    return shared;
  }
}

/** Counts of the exposures that this replica accepted, or delivered from Redis. A failed attempt to deliver is no loss. */
function countsOf(logger: SharedLogger, outbox: Outbox): ReturnType<RetryingQueue["counts"]> {
  const { accepted, buffered, droppedBy, failed, suppressed } = logger.stats();
  const behind = outbox.stats();
  const { dead, delivered, dropped } = behind.consumer;
  const lost: Record<string, number> = { dead, dropped, failed: failed + behind.failed };
  // The outbox counts what the logger in front of it calls `downstream`.
  for (const [reason, count] of Object.entries({ ...droppedBy, downstream: 0 })) {
    lost[reason] = count + behind.droppedBy[reason as keyof typeof droppedBy];
  }
  return {
    accepted: accepted - suppressed,
    delivered: delivered - dropped + behind.deliveredDirectly,
    waiting: buffered,
    lost,
  };
}
