import type { AssignmentLogger, Clock } from "@sortition/core";
import { pause } from "@sortition/core/internal";
import type { LoggerSlot, RetryingQueue } from "./logger-slot.js";
import type { Fleet } from "./sources.js";

/** Maximum number of exposures kept in memory while Redis is unavailable. */
const MAX_PENDING = 10_000;
/** Above this number requests are refused. It leaves room for requests that were already admitted. */
const FULL_AT = MAX_PENDING - 200;

/** Interval at which a drain checks what Redis has. */
const DRAIN_CHECK_MS = 500;

type SharedLogger = ReturnType<Fleet["dedupe"]>;
type Outbox = ReturnType<Fleet["outbox"]>;

/** A logger that asks the fleet about each exposure, and the outbox behind it. */
interface Shared {
  readonly logger: SharedLogger;
  readonly outbox: Outbox;
  /** The logger as the client sees it. */
  readonly front: AssignmentLogger;
  /** Called when it has been closed. */
  readonly endQueue: () => void;
  /** Resolves when it has been closed. `null`: it is open. */
  closing: Promise<void> | null;
}

/** Loggers that store exposures in Redis first, so that all replicas together deliver each one once. */
export class SharedLoggers {
  readonly #fleet: Pick<Fleet, "dedupe" | "outbox">;
  /** Size of the waiting exposures of one logger above which requests are refused. */
  maxBytes: number;
  readonly #clock: Clock;
  readonly #bySlot = new Map<LoggerSlot, Shared>();
  /** Slots that {@link drain} empties. */
  readonly #draining = new Set<LoggerSlot>();

  constructor(fleet: Pick<Fleet, "dedupe" | "outbox">, maxBytes: number, clock: Clock) {
    this.#fleet = fleet;
    this.maxBytes = maxBytes;
    this.#clock = clock;
  }

  get slots(): readonly LoggerSlot[] {
    return [...this.#bySlot.keys()];
  }

  /** Returns loggers for these slots. Those of other slots stay open until {@link close}. */
  use(slots: readonly LoggerSlot[]): readonly AssignmentLogger[] {
    for (const slot of slots) this.#draining.delete(slot);
    return slots.map((slot) => (this.#bySlot.get(slot) ?? this.#share(slot)).front);
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
   * Delivers what Redis has for slots that nothing is logged to any more, whichever replica stored it. It may take as long as
   * their services are down.
   *
   * @param signal - gives up when it is aborted.
   * @returns the slots that nothing is logged to still, with the number of exposures that are left in Redis.
   */
  async drain(
    slots: readonly LoggerSlot[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<LoggerSlot, number>> {
    for (const slot of slots) this.#draining.add(slot);
    const left = await Promise.all(slots.map((slot) => this.#drain(slot, signal)));
    const drained = slots.flatMap((slot, i): [LoggerSlot, number][] =>
      this.#draining.delete(slot) ? [[slot, left[i] ?? 0]] : [],
    );
    return new Map(drained);
  }

  async #drain(slot: LoggerSlot, signal: AbortSignal): Promise<number> {
    const shared = this.#bySlot.get(slot);
    let left = 0;
    while (shared !== undefined && this.#draining.has(slot)) {
      const { closing, logger, outbox } = shared;
      await closing; // because the relay ends
      const waiting = logger.stats().buffered + outbox.stats().buffered;
      // If Redis does not respond, what it had before is the best guess.
      left = await outbox.stored().catch(() => (closing === null ? Math.max(1, left) : left));
      if (waiting + left === 0 || closing !== null) return left;
      if (signal.aborted && shared.closing === null) return left;
      await pause(this.#clock, DRAIN_CHECK_MS, { signal, holdsProcess: false });
    }
    return 0;
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
    const closing = [...slots].map((slot) => {
      const shared = this.#bySlot.get(slot);
      this.#bySlot.delete(slot);
      return shared && this.#close(shared, timeoutMs);
    });
    await Promise.all(closing);
  }

  #close(shared: Shared, timeoutMs: number): Promise<void> {
    const { endQueue, logger } = shared;
    shared.closing = logger
      .close({ timeoutMs, signal: AbortSignal.timeout(timeoutMs) })
      .then(endQueue)
      .catch(() => {});
    return shared.closing;
  }

  #share(slot: LoggerSlot): Shared {
    const options = { name: slot.name, maxPending: MAX_PENDING };
    // The outbox must not lose an exposure that was admitted, so it has room for more.
    const settings = { ...options, maxPending: 2 * MAX_PENDING };
    const outbox = this.#fleet.outbox(slot.behindQueue, settings);
    const logger = this.#fleet.dedupe(outbox, options);
    const endQueue = slot.addQueue({
      counts: () => countsOf(logger, outbox),
      stored: () => outbox.stored(),
    });
    const shared = { front: unowned(logger), logger, outbox, endQueue, closing: null };
    this.#bySlot.set(slot, shared);
    return shared;
  }
}

/** Returns a logger that a client does not close, because Redis may have exposures for it when the client ends. */
function unowned(logger: SharedLogger): AssignmentLogger {
  return {
    name: logger.name,
    logAssignment: (event) => logger.logAssignment(event),
    logBanditAction: (event) => logger.logBanditAction(event),
    flush: (limit) => logger.flush(limit),
    stats: () => logger.stats(),
  };
}

/** Counts of the exposures that this replica accepted, or delivered from Redis. A failed attempt to deliver is no loss. */
function countsOf(logger: SharedLogger, outbox: Outbox): ReturnType<RetryingQueue["counts"]> {
  const { accepted, buffered, droppedBy, failed, suppressed } = logger.stats();
  const behind = outbox.stats();
  const { dead, delivered, dropped } = behind.consumer;
  const lost: Record<string, number> = { dead, dropped, failed: failed + behind.failed };
  // The outbox counts what the logger in front of it calls `downstream`.
  const { unconfirmed, ...lostBy } = droppedBy;
  for (const [reason, count] of Object.entries({ ...lostBy, downstream: 0 })) {
    lost[reason] = count + behind.droppedBy[reason as keyof typeof droppedBy];
  }
  return {
    accepted: accepted - suppressed,
    delivered: delivered - dropped + behind.deliveredDirectly,
    waiting: buffered,
    lost,
    unconfirmed: unconfirmed + behind.droppedBy.unconfirmed,
  };
}
