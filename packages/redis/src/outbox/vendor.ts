import type { Settle, Vendor } from "@sortition/core/kit";
import { isTimeout, RedisError } from "../errors/redis-error.js";
import type { Appender } from "./appender.js";
import { type StoredExposure, sizeOf } from "./entry.js";

/** Exposures of one call. */
export const APPEND_SIZE = 200;
/** Limits of the bytes of one call. After a time-out it is halved, then it grows again. */
const MAX_CALL_BYTES = 262_144;
const MIN_CALL_BYTES = 16_384;

interface Waiting {
  readonly exposure: StoredExposure;
  readonly settle: Settle;
}

export interface OutboxVendorParts {
  readonly appender: Appender;
  count(name: "appended" | "full", by: number): void;
  /** Called when the logger is closed. */
  end(timeoutMs: number): Promise<void>;
}

/**
 * Appends exposures to the stream. An exposure is delivered, as far as its logger is concerned, when Redis
 * has acknowledged it. Until then it stays in the logger's buffer: also while the stream is full.
 */
export class OutboxVendor implements Vendor<StoredExposure> {
  readonly #parts: OutboxVendorParts;
  #waiting: Waiting[] = [];
  #appending: Promise<void> | undefined;
  #callBytes = MAX_CALL_BYTES;

  constructor(parts: OutboxVendorParts) {
    this.#parts = parts;
  }

  send(exposure: StoredExposure, settle: Settle): void {
    this.#waiting.push({ exposure, settle });
    // Those that are handed over in this turn are appended together.
    this.#appending ??= Promise.resolve().then(() => this.#appendAll());
  }

  async flush(): Promise<void> {
    await this.#appending;
  }

  close(timeoutMs: number): Promise<void> {
    return this.#parts.end(timeoutMs);
  }

  async #appendAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#append(this.#waiting.splice(0, this.#fitting));
    // Not a turn later: what is sent from now on begins anew.
    this.#appending = undefined;
  }

  /** How many of those that wait are appended by one call. */
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
    try {
      const stored = await appender.append(batch.map(({ exposure }) => exposure));
      this.#callBytes = Math.min(MAX_CALL_BYTES, this.#callBytes + MIN_CALL_BYTES);
      const taken = batch.filter(({ exposure }) => stored.has(exposure));
      const left = batch.filter(({ exposure }) => !stored.has(exposure));
      count("appended", taken.length);
      for (const { settle } of taken) settle.delivered();
      if (left.length === 0) return;
      count("full", left.length);
      const error = new RedisError("SORTITION_REDIS_OOM", "the outbox is full");
      for (const { settle } of left) settle.retry(error);
    } catch (error) {
      if (isTimeout(error)) this.#callBytes = Math.max(MIN_CALL_BYTES, this.#callBytes / 2);
      for (const { settle } of batch) settle.retry(error);
    }
  }
}
