/**
 * Work that can be interrupted: a generator. Between two steps, each of which takes some microseconds,
 * whoever runs it may let others run.
 */
export interface Steps<T> {
  /** Does the next step. */
  next(): IteratorResult<undefined, T>;
  /** Itself, so that `yield*` can take its steps. */
  [Symbol.iterator](): Steps<T>;
}
