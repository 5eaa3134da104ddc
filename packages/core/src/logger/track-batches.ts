import { type Refusal, sendInParts } from "../delivery/parts.js";
import { RequestSize } from "../delivery/request-size.js";
import { bytesOf } from "../runtime/text.js";
import type { TrackMessage } from "./track.js";
import type { Settle, Vendor } from "./vendor.js";

/**
 * Outcome of one message. `retry`: a later attempt may succeed; `refused`: a request with fewer messages may succeed;
 * `failed`: no attempt will succeed.
 */
export type TrackOutcome =
  | { readonly kind: "delivered" }
  | { readonly kind: "refused"; readonly status: number; readonly error: unknown }
  | { readonly kind: "retry" | "failed"; readonly error: unknown };

/** An instance of a library, which receives one batch at a time. */
export interface TrackInstance {
  /** Takes a message, and calls back once with its outcome. If it throws, the message fails. */
  track(message: TrackMessage, callback: (outcome: TrackOutcome) => void): void;
  /**
   * Sends the messages. Settles when the instance can take the next batch, which may be after the outcomes of its messages are
   * known.
   */
  flush(): Promise<unknown>;
  /** Whether the service may have the messages of the last flush. Absent: it may until their outcomes are known. */
  mayHaveArrived?(): boolean;
}

/** Options of {@link TrackBatches}. */
export interface TrackBatchesOptions {
  /** Maximum number of messages per request. */
  readonly maxItems: number;
  /** Maximum UTF-8 bytes of the messages per request. */
  readonly maxBytes: number;
  /** Creates another instance. */
  create(): TrackInstance;
  /** Aborts the requests of all instances. */
  close(): void;
}

interface Handed {
  readonly message: TrackMessage;
  readonly settle: Settle;
}

const TOO_LARGE = 413;
/** Maximum number of instances. Some are busy although their messages have settled. */
const MAX_INSTANCES = 64;
/** Size of what a library adds to each message: its type, and name and version of the library and runtime. */
const ADDED_BYTES = 500;

/**
 * Sends messages in batches that the service accepts, with one library instance per request in flight. An instance splits
 * its queue into requests only by number, or measures their bytes wrongly, and reports one outcome for all messages of a
 * request. So it receives one batch at a time. A refused batch is halved.
 */
export class TrackBatches implements Vendor<TrackMessage> {
  readonly url: string;
  readonly #options: TrackBatchesOptions;
  readonly #idle: TrackInstance[];
  #created = 1;
  /** Batches that wait for an instance. */
  readonly #waiting: ((instance: TrackInstance) => void)[] = [];
  readonly #size = new RequestSize();
  /** The instances that have messages without an outcome. */
  readonly #sending = new Map<TrackMessage, TrackInstance>();
  /** Messages that must not be sent any more. */
  readonly #abandoned = new WeakSet<TrackMessage>();
  #batch: Handed[] = [];
  #batchBytes = 0;

  /** @param url - URL of the service, for diagnostics. */
  constructor(url: string, options: TrackBatchesOptions) {
    this.url = url;
    this.#options = options;
    // Created here, so that settings that the library refuses are reported on opening.
    this.#idle = [options.create()];
  }

  send(message: TrackMessage, settle: Settle): void {
    const { maxBytes, maxItems } = this.#options;
    const sizeBytes = bytesOf(JSON.stringify(message)).length + ADDED_BYTES;
    if (this.#batchBytes + sizeBytes > maxBytes) this.#sendBatch();
    this.#batch.push({ message, settle });
    this.#batchBytes += sizeBytes;
    if (this.#batch.length >= Math.min(maxItems, this.#size.limit)) this.#sendBatch();
  }

  async flush(): Promise<void> {
    this.#sendBatch();
  }

  abandon(message: TrackMessage): boolean {
    this.#abandoned.add(message);
    const instance = this.#sending.get(message);
    return instance !== undefined && (instance.mayHaveArrived?.() ?? true);
  }

  close(): void {
    this.#options.close();
  }

  #sendBatch(): void {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    if (batch.length > 0) void this.#deliver(batch);
  }

  /** Never rejects. */
  async #deliver(batch: readonly Handed[]): Promise<void> {
    const { limit } = this.#size;
    const refusal = await this.#request(batch);
    if (refusal === null) return;
    await sendInParts(refusal, {
      send: (part) => this.#request(part),
      refused: ({ items, status, error }, isAlone) => {
        if (!isAlone) this.#size.restore(limit);
        else if (mayLimitSize(status)) this.#size.dropped();
        const reason = status === TOO_LARGE ? "too-large" : "refused";
        for (const { settle } of items) settle.refused(reason, error, isAlone);
      },
    });
  }

  /** Sends one request, and settles the messages that were not refused. Never rejects. */
  async #request(all: readonly Handed[]): Promise<Refusal<Handed> | null> {
    const instance = await this.#take();
    // While they waited for an instance, the logger may have been closed.
    const batch = all.filter(({ message }) => !this.#abandoned.has(message));
    if (batch.length === 0) {
      this.#put(instance);
      return null;
    }
    for (const { message } of batch) this.#sending.set(message, instance);
    const tracked = Promise.all(batch.map(({ message }) => track(instance, message)));
    const flushed = flush(instance);
    const outcomes = await tracked;
    void flushed.then(() => this.#put(instance));
    const delivered = outcomes.filter(({ kind }) => kind === "delivered").length;
    if (delivered > 0) this.#size.accepted(delivered);
    const items: Handed[] = [];
    let refusal: Refusal<Handed> | null = null;
    outcomes.forEach((outcome, i) => {
      const handed = batch[i] as Handed; // there is one outcome for each message
      const { message, settle } = handed;
      this.#sending.delete(message);
      if (outcome.kind === "refused") {
        items.push(handed);
        refusal = { items, status: outcome.status, error: outcome.error };
      } else if (outcome.kind === "delivered") settle.delivered();
      else settle[outcome.kind](outcome.error);
    });
    const { status = 0 } = (refusal as Refusal<Handed> | null) ?? {};
    if (items.length > 1 && mayLimitSize(status)) this.#size.refused(items.length);
    return refusal;
  }

  /** Returns an idle or new instance in this turn, or waits for one. */
  #take(): TrackInstance | Promise<TrackInstance> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#created < MAX_INSTANCES) {
      this.#created += 1;
      return this.#options.create();
    }
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  #put(instance: TrackInstance): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(instance);
    else next(instance);
  }
}

/** Whether a service may use this status for a request that has too many events or bytes. */
function mayLimitSize(status: number): boolean {
  return status === 400 || status === TOO_LARGE;
}

function track(instance: TrackInstance, message: TrackMessage): Promise<TrackOutcome> {
  return new Promise((resolve) => {
    try {
      instance.track(message, resolve);
    } catch (error) {
      resolve({ kind: "failed", error });
    }
  });
}

/** Never rejects, because each message has its own outcome. */
async function flush(instance: TrackInstance): Promise<void> {
  try {
    await instance.flush();
  } catch {
    // The outcomes of the messages report the error.
  }
}
