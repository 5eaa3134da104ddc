import type { RequestSize } from "@sortition/core/internal";
import type { Payload } from "./payload.js";

/** An event as the emitter stores it. */
interface Stored {
  readonly payload: Payload;
  readonly svrAnon?: boolean;
}

/**
 * Stores the emitter's events until they are sent. Unlike the library's own store, it discards none, because the
 * logger already limits their number.
 */
export class EventStore {
  readonly #events: Stored[] = [];
  readonly #payloads = new Set<Payload>();
  readonly #requestSize: RequestSize;

  /** @param requestSize - limits the events that a request takes from the store. */
  constructor(requestSize: RequestSize) {
    this.#requestSize = requestSize;
  }

  /** Whether an event with this payload object is stored. */
  has(payload: Payload): boolean {
    return this.#payloads.has(payload);
  }

  /** Removes this payload. Call it only while the emitter sends nothing. */
  remove(payload: Payload): void {
    if (!this.#payloads.delete(payload)) return;
    this.#events.splice(
      this.#events.findIndex((event) => event.payload === payload),
      1,
    );
  }

  // The library calls the methods below. Its interface is asynchronous.

  count(): Promise<number> {
    return Promise.resolve(this.#events.length);
  }

  add(event: Stored): Promise<number> {
    this.#events.push(event);
    this.#payloads.add(event.payload);
    return this.count();
  }

  removeHead(count: number): Promise<void> {
    for (const { payload } of this.#events.splice(0, count)) this.#payloads.delete(payload);
    return Promise.resolve();
  }

  /** Iterates over the events of the next request. */
  iterator(): { next(): Promise<{ value: Stored | undefined; done: boolean }> } {
    const events = this.#events.slice(0, this.#requestSize.limit);
    let next = 0;
    return {
      next: () => {
        const value = events[next++];
        return Promise.resolve({ value, done: value === undefined });
      },
    };
  }

  getAll(): Promise<readonly Stored[]> {
    return Promise.resolve([...this.#events]);
  }

  getAllPayloads(): Promise<readonly Payload[]> {
    return Promise.resolve(this.#events.map(({ payload }) => payload));
  }
}
