import { DecodeError } from "@sortition/core";

/** The base class of all errors of the library. */
const BASE: object = Object.getPrototypeOf(DecodeError);

/**
 * Returns the number of errors of the library that are created. Each takes microseconds and a kilobyte, because it
 * captures a stack.
 */
export function countErrors(use: () => void): number {
  let count = 0;
  class CountedError extends Error {
    constructor(...args: ConstructorParameters<typeof Error>) {
      super(...args);
      count += 1;
    }
  }
  // `super()` calls the prototype of the class, so this counts without a change of the library.
  Object.setPrototypeOf(BASE, CountedError);
  try {
    use();
  } finally {
    Object.setPrototypeOf(BASE, Error);
  }
  return count;
}
