import type { LoggerSlot } from "./logger-slot.js";
import type { Fleet } from "./sources.js";

/** Maximum number of exposures kept in memory while Redis is unavailable. */
const MAX_PENDING = 10_000;
/** Above this number requests are refused. It leaves room for requests that were already admitted. */
const FULL_AT = MAX_PENDING - 200;

type SharedLogger = ReturnType<Fleet["dedupe"]>;

/** Loggers that store exposures in Redis first, so that all replicas together deliver each one once. */
export class SharedLoggers {
  readonly #fleet: Pick<Fleet, "dedupe" | "outbox">;
  /** Size of the waiting exposures of one logger above which requests are refused. */
  maxBytes: number;
  readonly #bySlot = new Map<LoggerSlot, SharedLogger>();
  /** The outboxes behind the loggers. */
  readonly #outboxes = new Map<SharedLogger, ReturnType<Fleet["outbox"]>>();

  constructor(fleet: Pick<Fleet, "dedupe" | "outbox">, maxBytes: number) {
    this.#fleet = fleet;
    this.maxBytes = maxBytes;
  }

  /** Returns loggers for these slots. Those of other slots stay open until {@link close}. */
  use(slots: readonly LoggerSlot[]): readonly SharedLogger[] {
    return slots.map((slot) => this.#bySlot.get(slot) ?? this.#share(slot));
  }

  /** Whether there is room for the exposures of another request. */
  get hasRoom(): boolean {
    return [...this.#bySlot.values()].every((it) => {
      const { buffered, bufferedBytes } = it.stats();
      const behind = this.#outboxes.get(it)?.stats().bufferedBytes ?? 0;
      return buffered <= FULL_AT && bufferedBytes + behind <= this.maxBytes;
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
      await shared.close({ timeoutMs, signal: AbortSignal.timeout(timeoutMs) });
      slot.forget(shared);
      this.#outboxes.delete(shared);
    });
    await Promise.all(closing).catch(() => {});
  }

  #share(slot: LoggerSlot): SharedLogger {
    const options = { name: slot.name, maxPending: MAX_PENDING };
    // The outbox must not lose an exposure that was admitted, so it has room for more.
    const outbox = this.#fleet.outbox(slot, { ...options, maxPending: 2 * MAX_PENDING });
    const shared = this.#fleet.dedupe(outbox, options);
    this.#bySlot.set(slot, shared);
    this.#outboxes.set(shared, outbox);
    slot.addQueue(shared, outbox);
    return shared;
  }
}
