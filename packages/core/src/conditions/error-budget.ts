import { DecodeError } from "../errors/errors.js";

/** Maximum number of errors created for one flag. */
const MAX_ERRORS = 200;

/**
 * Creates the errors of one flag. Creating an error takes microseconds and a kilobyte, because it captures a stack, and
 * a list may have hundreds of thousands of malformed elements. When the budget is spent, all other parts share one
 * error.
 */
export class ErrorBudget<E> {
  #left = MAX_ERRORS;
  #shared: E | null = null;
  readonly #createShared: (problem: string) => E;

  /** @param createShared - creates the error that parts share when the budget is spent. */
  constructor(createShared: (problem: string) => E) {
    this.#createShared = createShared;
  }

  /** Whether the budget is spent, so that all other parts share one error. */
  get isSpent(): boolean {
    return this.#left === 0;
  }

  /** Returns the error from `create`, or the shared error. */
  create(create: () => E): E {
    if (this.#left > 0) {
      this.#left -= 1;
      return create();
    }
    this.#shared ??= this.#createShared(`has more than ${MAX_ERRORS} malformed parts`);
    return this.#shared;
  }
}

/** The budget of the flag being compiled. Compiling is synchronous, one flag at a time. */
let current: ErrorBudget<DecodeError> | null = null;

/**
 * Compiles a flag with a budget for the errors that {@link decodeError} creates.
 *
 * @param path - JSON path of the flag.
 */
export function withErrorBudget<T>(path: string, compile: () => T): T {
  const outer = current;
  current = new ErrorBudget((problem) => new DecodeError(path, problem));
  try {
    return compile();
  } finally {
    current = outer;
  }
}

/** Whether further malformed parts of the flag share one error. */
export function isErrorBudgetSpent(): boolean {
  return current?.isSpent ?? false;
}

/** Creates the error for a malformed part of a flag, or returns the shared error if the budget is spent. */
export function decodeError(
  path: string,
  problem: string,
  options?: { readonly cause: unknown },
): DecodeError {
  if (current === null) return new DecodeError(path, problem, options);
  return current.create(() => new DecodeError(path, problem, options));
}
