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
  /** Events of the current request, in the order in which the library takes them. */
  #taken: readonly Stored[] = [];
  /** `null`: all events may be sent. */
  #part: ReadonlySet<Payload> | null = null;

  /** @param requestSize - limits the events that a request takes from the store. */
  constructor(requestSize: RequestSize) {
    this.#requestSize = requestSize;
  }

  /** Whether an event with this payload object is stored. */
  has(payload: Payload): boolean {
    return this.#payloads.has(payload);
  }

  /** Limits the next requests to some of the stored events. `null`: all. */
  restrictTo(part: readonly Payload[] | null): void {
    this.#part = part === null ? null : new Set(part);
  }

  /** Removes this payload. Call it only while the emitter sends nothing. */
  remove(payload: Payload): void {
    if (!this.#payloads.delete(payload)) return;
    const at = this.#events.findIndex((event) => event.payload === payload);
    this.#events.splice(at, 1);
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
    for (const { payload } of this.#taken.slice(0, count)) this.remove(payload);
    return Promise.resolve();
  }

  /** Iterates over the events of the next request. */
  iterator(): { next(): Promise<{ value: Stored | undefined; done: boolean }> } {
    const part = this.#part;
    const events =
      part === null
        ? this.#events.slice(0, this.#requestSize.limit)
        : this.#events.filter(({ payload }) => part.has(payload));
    this.#taken = events;
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
