import type { Payload } from "./payload.js";

/** An event as the emitter keeps it. */
interface Stored {
  readonly payload: Payload;
  readonly svrAnon?: boolean;
}

/**
 * Where the emitter keeps events until they are sent. Unlike the library's own it forgets none: how
 * many there may be is decided before they come here.
 */
export class EventStore {
  readonly #events: Stored[] = [];
  readonly #payloads = new Set<Payload>();

  /** Whether this very payload is here. */
  has(payload: Payload): boolean {
    return this.#payloads.has(payload);
  }

  // The rest is the library's port, and asynchronous as it wants it.

  /** Number of events. */
  count(): Promise<number> {
    return Promise.resolve(this.#events.length);
  }

  /** Adds an event, and tells their number. */
  add(event: Stored): Promise<number> {
    this.#events.push(event);
    this.#payloads.add(event.payload);
    return this.count();
  }

  /** Removes the first events. */
  removeHead(count: number): Promise<void> {
    for (const { payload } of this.#events.splice(0, count)) this.#payloads.delete(payload);
    return Promise.resolve();
  }

  /** Goes through the events that are here now. */
  iterator(): { next(): Promise<{ value: Stored | undefined; done: boolean }> } {
    const events = [...this.#events];
    let next = 0;
    return {
      next: () => {
        const value = events[next++];
        return Promise.resolve({ value, done: value === undefined });
      },
    };
  }

  /** Every event. */
  getAll(): Promise<readonly Stored[]> {
    return Promise.resolve([...this.#events]);
  }

  /** What every event consists of. */
  getAllPayloads(): Promise<readonly Payload[]> {
    return Promise.resolve(this.#events.map(({ payload }) => payload));
  }
}
