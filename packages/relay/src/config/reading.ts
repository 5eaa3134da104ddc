import { type OptionError, SortitionError } from "@sortition/core/internal";
import type { Variables } from "./secret.js";

/** Thrown by a reader whose problems have been noted. */
class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** A configuration with several problems. Its message has one line for each. */
export class ConfigProblems extends Error {
  override readonly name = "ConfigProblems";

  constructor(readonly problems: readonly OptionError[]) {
    super(problems.map(({ message }) => message).join("\n"));
  }
}

/**
 * Runs tasks one after another, also after one has failed.
 *
 * Rejects with the OptionError of the task that failed, or with the ConfigProblems of several.
 */
export async function settleAll(tasks: readonly (() => Promise<unknown>)[]): Promise<void> {
  const problems: OptionError[] = [];
  for (const task of tasks) {
    try {
      await task();
    } catch (error) {
      problems.push(...problemsOf(error));
    }
  }
  const [first] = problems;
  if (first !== undefined) throw problems.length === 1 ? first : new ConfigProblems(problems);
}

/**
 * The problems that an error is about.
 *
 * @throws any other error.
 */
export function problemsOf(error: unknown): readonly OptionError[] {
  if (!isConfigFault(error)) throw error;
  return error instanceof ConfigProblems ? error.problems : [error];
}

/** Whether an error names options that are unknown or have bad values. */
export function isConfigFault(error: unknown): error is ConfigProblems | OptionError {
  if (error instanceof ConfigProblems) return true;
  return SortitionError.is(error) && error.code === "SORTITION_OPTION";
}

/** One reading of a configuration. It goes on after a problem, so that all problems are reported together. */
export class Reading {
  readonly variables: Variables;
  /** Places of secrets that cannot be read here; `null`: each is a problem. */
  readonly unsetSecrets: string[] | null;
  readonly #problems: OptionError[] = [];

  constructor(variables: Variables, toleratesUnsetSecrets: boolean) {
    this.variables = variables;
    this.unsetSecrets = toleratesUnsetSecrets ? [] : null;
  }

  note(problem: OptionError): void {
    this.#problems.push(problem);
  }

  /** Runs checks that do not need each other, and notes the problem of each. */
  tryAll(...checks: readonly (() => void)[]): void {
    const before = this.#problems.length;
    for (const check of checks) this.#attempt(check);
    if (this.#problems.length > before) throw new Unreadable();
  }

  /**
   * Returns what a function returns.
   *
   * @throws OptionError if there is one problem, and ConfigProblems if there are more.
   */
  finish<Result>(read: () => Result): Result {
    let result: { readonly value: Result } | null = null;
    this.#attempt(() => {
      result = { value: read() };
    });
    const [first, second] = this.#problems;
    if (second !== undefined) throw new ConfigProblems(this.#problems);
    if (first !== undefined) throw first;
    return (result as unknown as { readonly value: Result }).value; // without a problem it was read
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Unreadable)) this.#problems.push(...problemsOf(error));
    }
  }
}
