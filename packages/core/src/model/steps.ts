/**
 * Work that can be interrupted, as a generator. Each step takes some microseconds. Between two steps, the caller may
 * yield to the event loop.
 */
export interface Steps<T> {
  /** Does the next step. */
  next(): IteratorResult<undefined, T>;
  /** Returns the same object, so that `yield*` can run its steps. */
  [Symbol.iterator](): Steps<T>;
}
