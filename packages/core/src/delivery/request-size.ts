/**
 * Adapts the number of events per request. A collector that refuses a request because of its size does not
 * report which size it accepts or which event is too large. So a refused request is halved, down to one
 * event, and the number grows again as requests are accepted.
 */
export class RequestSize {
  #limit = Number.POSITIVE_INFINITY;
  /** The last refused number of events, reset when an event is dropped. */
  #refused = Number.POSITIVE_INFINITY;

  /** Maximum number of events of the next request. */
  get limit(): number {
    return this.#limit;
  }

  /** Notes that a request of several events was refused. */
  refused(events: number): void {
    this.#refused = events;
    this.#limit = Math.floor(events / 2);
  }

  /** Notes that a request of this many events was accepted. */
  accepted(events: number): void {
    if (events < this.#limit) return;
    this.#limit =
      this.#refused === Number.POSITIVE_INFINITY
        ? this.#limit * 2
        : this.#limit + Math.floor((this.#refused - this.#limit) / 2);
  }

  /** Returns to an earlier limit, because the refusals had another cause. */
  restore(limit: number): void {
    this.#limit = limit;
    this.#refused = Number.POSITIVE_INFINITY;
  }

  /** Notes that a single event was refused and dropped, so the others may be accepted. */
  dropped(): void {
    this.#refused = Number.POSITIVE_INFINITY;
    this.#limit = 1;
  }
}
