import type { Ending, Settle, Vendor } from "@sortition/core/internal";
import { isTimeout, RedisError } from "../errors/redis-error.js";
import type { InnerLogger } from "../inner-logger.js";
import type { Appender } from "./appender.js";
import { loggedOf, type StoredExposure, sizeOf } from "./entry.js";

/** Maximum number of exposures per call. */
export const APPEND_SIZE = 200;
/** Maximum bytes per call. Halved after a timeout, then increased again. */
const MAX_CALL_BYTES = 262_144;
const MIN_CALL_BYTES = 16_384;

interface Waiting {
  readonly exposure: StoredExposure;
  readonly settle: Settle;
}

export interface OutboxVendorParts {
  readonly appender: Appender;
  readonly inner: InnerLogger;
  count(name: "appended" | "full", by: number): void;
  /** Called when the logger is closed. */
  end(timeoutMs: number): Promise<void>;
}

/** Exposures that were passed to the logger without Redis, when the outbox was closed. */
interface DirectCounts {
  /** Exposures that the logger has taken. */
  taken: number;
  /** Exposures whose outcome is not known yet. */
  open: number;
  delivered: number;
  /** Exposures that the logger lost, but that Redis or the logger's service may have, because a reply was lost. */
  lostUnconfirmed: number;
}

/**
 * Appends exposures to the stream. For its logger, an exposure is delivered when Redis has
 * acknowledged it. Until then, it stays in the logger's buffer, even if the stream is full.
 */
export class OutboxVendor implements Vendor<StoredExposure> {
  readonly direct: DirectCounts = { taken: 0, open: 0, delivered: 0, lostUnconfirmed: 0 };
  readonly #parts: OutboxVendorParts;
  #waiting: Waiting[] = [];
  #appending: Promise<void> | undefined;
  #callBytes = MAX_CALL_BYTES;
  #isDirect = false;
  /** Ends the wait for the reply to a call. */
  #stopWaiting = (): void => {};
  /** Exposures passed to the logger directly, until its call has ended. */
  readonly #passing = new Set<StoredExposure>();

  constructor(parts: OutboxVendorParts) {
    this.#parts = parts;
  }

  send(exposure: StoredExposure, settle: Settle): void {
    this.#waiting.push({ exposure, settle });
    // Exposures that are sent in the same turn share one call.
    this.#appending ??= Promise.resolve().then(() => this.#appendAll());
  }

  async flush(): Promise<void> {
    await this.#appending;
  }

  /**
   * From now on, passes exposures that Redis has not acknowledged to the logger. If an
   * acknowledgement was lost, the exposure may be delivered twice, with the same message id. A
   * duplicate can be removed later, but a loss cannot be repaired.
   */
  handOverDirectly(): void {
    this.#isDirect = true;
    this.#stopWaiting();
  }

  abandon(exposure: StoredExposure): boolean {
    return this.#parts.appender.abandon(exposure) || this.#passing.has(exposure);
  }

  close(timeoutMs: number): Promise<void> {
    return this.#parts.end(timeoutMs);
  }

  async #appendAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#append(this.#waiting.splice(0, this.#fitting));
    // Cleared in the same turn, because exposures that are sent from now on need a new append.
    this.#appending = undefined;
  }

  /** Number of waiting exposures that fit into one call. */
  get #fitting(): number {
    let bytes = 0;
    const beyond = this.#waiting.findIndex(({ exposure }, i) => {
      bytes += sizeOf(exposure);
      return i === APPEND_SIZE || (i > 0 && bytes > this.#callBytes);
    });
    return beyond < 0 ? this.#waiting.length : beyond;
  }

  async #append(batch: readonly Waiting[]): Promise<void> {
    const { appender, count } = this.#parts;
    if (this.#isDirect) {
      this.#handOver(batch);
      return;
    }
    const stopped = new Promise<null>((resolve) => {
      this.#stopWaiting = () => resolve(null);
    });
    try {
      const appending = appender.append(batch.map(({ exposure }) => exposure));
      const stored = await Promise.race([appending, stopped]);
      if (stored === null) {
        this.#handOver(batch);
        return;
      }
      this.#callBytes = Math.min(MAX_CALL_BYTES, this.#callBytes + MIN_CALL_BYTES);
      const taken = batch.filter(({ exposure }) => stored.has(exposure));
      const left = batch.filter(({ exposure }) => !stored.has(exposure));
      count("appended", taken.length);
      for (const { settle } of taken) settle.delivered();
      if (left.length === 0) return;
      count("full", left.length);
      this.#giveBack(left, new RedisError("SORTITION_REDIS_OOM", "the outbox is full"));
    } catch (error) {
      if (isTimeout(error)) this.#callBytes = Math.max(MIN_CALL_BYTES, this.#callBytes / 2);
      this.#giveBack(batch, error);
    }
  }

  #giveBack(batch: readonly Waiting[], error: unknown): void {
    if (this.#isDirect) this.#handOver(batch);
    else for (const { settle } of batch) settle.retry(error);
  }

  #handOver(batch: readonly Waiting[]): void {
    for (const { exposure, settle } of batch) {
      const { appender } = this.#parts;
      if (appender.isAbandoned(exposure)) continue;
      // A call that has not been sent yet leaves it out. Otherwise Redis could still get what the logger has lost by then.
      appender.abandon(exposure);
      this.#passing.add(exposure);
      this.direct.open += 1;
      let isTaken = false;
      const ended = (ending: Ending, _isLasting?: boolean, reason?: string): void => {
        this.direct.open -= 1;
        if (ending === "delivered") this.direct.delivered += 1;
        else if (isTaken && (reason === "unconfirmed" || this.#mayBeStored(exposure))) {
          this.direct.lostUnconfirmed += 1;
        }
      };
      void settle
        .handOver(() => this.#log(exposure), ended)
        .finally(() => this.#passing.delete(exposure))
        .then(
          () => {
            this.direct.taken += 1;
            isTaken = true;
            settle.delivered();
          },
          (error) => {
            if (this.#mayBeStored(exposure)) settle.refused("unconfirmed", error, false);
            else settle.failed(error);
          },
        );
    }
  }

  #mayBeStored(exposure: StoredExposure): boolean {
    return this.#parts.appender.mayHaveStored(exposure);
  }

  async #log({ event, kind }: StoredExposure): Promise<void> {
    const logged = loggedOf(kind, event);
    if (logged !== null) await this.#parts.inner.log(logged);
  }
}
