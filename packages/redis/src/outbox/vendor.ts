import type { Settle, Vendor } from "@sortition/core/logger";
import { RedisError } from "../errors/redis-error.js";
import type { StoredExposure } from "./entry.js";
import type { OutboxStream } from "./stream.js";

/** Exposures of one call. */
export const APPEND_SIZE = 200;

interface Waiting {
  readonly exposure: StoredExposure;
  readonly settle: Settle;
}

/** What an {@link OutboxVendor} works with. */
export interface OutboxVendorParts {
  readonly stream: OutboxStream;
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

  constructor(parts: OutboxVendorParts) {
    this.#parts = parts;
  }

  send(exposure: StoredExposure, settle: Settle): void {
    this.#waiting.push({ exposure, settle });
    // Those that are handed over in this turn are appended together.
    this.#appending ??= Promise.resolve()
      .then(() => this.#appendAll())
      .finally(() => {
        this.#appending = undefined;
      });
  }

  async flush(): Promise<void> {
    await this.#appending;
  }

  close(timeoutMs: number): Promise<void> {
    return this.#parts.end(timeoutMs);
  }

  async #appendAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#append(this.#waiting.splice(0, APPEND_SIZE));
  }

  async #append(batch: readonly Waiting[]): Promise<void> {
    const { stream, count } = this.#parts;
    try {
      const appended = await stream.append(batch.map(({ exposure }) => exposure));
      const [taken, left] = [batch.slice(0, appended), batch.slice(appended)];
      count("appended", taken.length);
      for (const { settle } of taken) settle.delivered();
      if (left.length === 0) return;
      count("full", left.length);
      const error = new RedisError("SORTITION_REDIS_OOM", "the outbox is full");
      for (const { settle } of left) settle.retry(error);
    } catch (error) {
      // Redis may have appended them all the same: they have the same message ids then.
      for (const { settle } of batch) settle.retry(error);
    }
  }
}
