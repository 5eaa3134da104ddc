/**
 * Work that can be interrupted: a generator. Each step takes some microseconds; between two steps its
 * caller may yield to the event loop.
 */
export interface Steps<T> {
  /** Does the next step. */
  next(): IteratorResult<undefined, T>;
  /** Itself, so that `yield*` can take its steps. */
  [Symbol.iterator](): Steps<T>;
}
