import type { RequestSize } from "@sortition/core/internal";
import type { Payload } from "./payload.js";

/** An event as the emitter stores it. */
interface Stored {
  readonly payload: Payload;
  readonly svrAnon?: boolean;
}

/** Bytes of a request without its events. */
const ENVELOPE_BYTES = 88;

/**
 * Stores the emitter's events until they are sent. Unlike the library's own store, it discards none, because the
 * logger already limits their number.
 */
export class EventStore {
  readonly #events: Stored[] = [];
  readonly #bytes = new Map<Payload, number>();
  readonly #requestSize: RequestSize;
  readonly #maxBytes: number;
  /** Events of the current request, in the order in which the library takes them. */
  #taken: readonly Stored[] = [];
  /** `null`: all events may be sent. */
  #part: ReadonlySet<Payload> | null = null;

  /**
   * @param requestSize - limits the events that a request takes from the store.
   * @param maxBytes - size at which a request takes no further events. A single event may be larger.
   */
  constructor(requestSize: RequestSize, maxBytes: number) {
    this.#requestSize = requestSize;
    this.#maxBytes = maxBytes;
  }

  /** Payloads of the current request. */
  get taken(): readonly Payload[] {
    return this.#taken.map(({ payload }) => payload);
  }

  /** Whether an event with this payload object is stored. */
  has(payload: Payload): boolean {
    return this.#bytes.has(payload);
  }

  /** Limits the next requests to some of the stored events. `null`: all. */
  restrictTo(part: readonly Payload[] | null): void {
    this.#part = part === null ? null : new Set(part);
  }

  /** Removes this payload. Call it only while the emitter sends nothing. */
  remove(payload: Payload): void {
    if (!this.#bytes.delete(payload)) return;
    const at = this.#events.findIndex((event) => event.payload === payload);
    this.#events.splice(at, 1);
  }

  // The library calls the methods below. Its interface is asynchronous.

  count(): Promise<number> {
    return Promise.resolve(this.#events.length);
  }

  add(event: Stored): Promise<number> {
    this.#events.push(event);
    this.#bytes.set(event.payload, Buffer.byteLength(JSON.stringify(event.payload)));
    return this.count();
  }

  removeHead(count: number): Promise<void> {
    for (const { payload } of this.#taken.slice(0, count)) this.remove(payload);
    return Promise.resolve();
  }

  /** Iterates over the events of the next request. */
  iterator(): { next(): Promise<{ value: Stored | undefined; done: boolean }> } {
    const events = this.#next();
    this.#taken = events;
    let next = 0;
    return {
      next: () => {
        const value = events[next++];
        return Promise.resolve({ value, done: value === undefined });
      },
    };
  }

  #next(): readonly Stored[] {
    const part = this.#part;
    if (part !== null) return this.#events.filter(({ payload }) => part.has(payload));
    const events: Stored[] = [];
    let bytes = ENVELOPE_BYTES;
    for (const event of this.#events) {
      if (bytes >= this.#maxBytes || events.length === this.#requestSize.limit) break;
      events.push(event);
      bytes += this.#bytes.get(event.payload) ?? 0;
    }
    return events;
  }

  getAll(): Promise<readonly Stored[]> {
    return Promise.resolve([...this.#events]);
  }

  getAllPayloads(): Promise<readonly Payload[]> {
    return Promise.resolve(this.#events.map(({ payload }) => payload));
  }
}
