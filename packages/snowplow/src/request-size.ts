/**
 * How many events a request may have. A collector that refuses requests for their size does not say
 * which size it accepts, nor which of the events is at fault: so a refused request is halved, down to one
 * event, and accepted requests let the number grow again.
 */
export class RequestSize {
  #limit = Number.POSITIVE_INFINITY;
  /** The smallest number that was refused since an event was dropped. */
  #refused = Number.POSITIVE_INFINITY;

  /** Events of the next request, at most. */
  get limit(): number {
    return this.#limit;
  }

  /** A request of so many events, more than one, was refused. */
  refused(events: number): void {
    this.#refused = events;
    this.#limit = Math.floor(events / 2);
  }

  /** A request of so many events was accepted. */
  accepted(events: number): void {
    if (events < this.#limit) return;
    this.#limit =
      this.#refused === Number.POSITIVE_INFINITY
        ? this.#limit * 2
        : this.#limit + Math.floor((this.#refused - this.#limit) / 2);
  }

  /** A single event was refused and dropped: perhaps no other is at fault. */
  dropped(): void {
    this.#refused = Number.POSITIVE_INFINITY;
    this.#limit = 1;
  }
}
