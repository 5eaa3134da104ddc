import { OptionError, SortitionError } from "@sortition/core/internal";
import type { EnvironmentConfig, LoggerConfig } from "./config.js";
import type { Variables } from "./secret.js";

/** Stops a reader whose problems were recorded. */
class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** Several problems of a configuration. The message has one line for each problem. */
export class ConfigProblems extends Error {
  override readonly name = "ConfigProblems";

  constructor(readonly problems: readonly OptionError[]) {
    super(problems.map(({ message }) => message).join("\n"));
  }
}

/**
 * Runs all tasks one after another, even if some fail, and resolves to their results.
 *
 * Rejects with the OptionError of the failed task, or with ConfigProblems if several failed.
 */
export async function settleAll<Results extends readonly unknown[] | []>(
  tasks: {
    readonly [I in keyof Results]: () => Promise<Results[I]>;
  },
): Promise<Results> {
  const problems: OptionError[] = [];
  const results: unknown[] = [];
  for (const task of tasks) {
    try {
      results.push(await task());
    } catch (error) {
      problems.push(...problemsOf(error));
    }
  }
  const [first] = problems;
  if (first !== undefined) throw problems.length === 1 ? first : new ConfigProblems(problems);
  return results as unknown as Results; // one for each task
}

/**
 * Returns the problems that an error reports.
 *
 * @throws the error itself if it is of another kind.
 */
export function problemsOf(error: unknown): readonly OptionError[] {
  if (!isConfigFault(error)) throw error;
  return error instanceof ConfigProblems ? error.problems : [withPlainNumbers(error)];
}

/** Removes the separators from numbers in a message, because JSON has none. */
function withPlainNumbers(error: OptionError): OptionError {
  const problem = error.problem.replace(/(?<=\d)_(?=\d{3})/g, "");
  return problem === error.problem ? error : new OptionError(error.option, problem, error.others);
}

/** Whether an error is about unknown options or bad values. */
export function isConfigFault(error: unknown): error is ConfigProblems | OptionError {
  if (error instanceof ConfigProblems) return true;
  return SortitionError.is(error) && error.code === "SORTITION_OPTION";
}

/** Collects the problems of a configuration while it is read, so that all are reported together. */
export class Reading {
  readonly variables: Variables;
  /** Messages about secrets that cannot be read; `null`: each is a problem. */
  readonly unsetSecrets: string[] | null;
  readonly #problems: OptionError[] = [];

  /** Loggers without problems, even if others in their list have some. */
  readonly loggers: LoggerConfig[] = [];
  /** Called with each environment. Invalid members have their defaults. */
  readonly onEnvironment: (environment: EnvironmentConfig) => void;

  constructor(
    variables: Variables,
    toleratesUnsetSecrets: boolean,
    onEnvironment: (environment: EnvironmentConfig) => void = () => {},
  ) {
    this.variables = variables;
    this.unsetSecrets = toleratesUnsetSecrets ? [] : null;
    this.onEnvironment = onEnvironment;
  }

  /** Runs independent checks, and records their problems. */
  tryAll(...checks: readonly (() => void)[]): void {
    const before = this.#problems.length;
    for (const check of checks) this.#attempt(check);
    if (this.#problems.length > before) throw new Unreadable();
  }

  /**
   * Calls a function and returns its result.
   *
   * @throws OptionError for one problem, ConfigProblems for several.
   */
  finish<Result>(read: () => Result): Result {
    let result: { readonly value: Result } | null = null;
    this.#attempt(() => {
      result = { value: read() };
    });
    const [first, second] = this.#problems;
    if (second !== undefined) throw new ConfigProblems(this.#problems);
    if (first !== undefined) throw first;
    return (result as unknown as { readonly value: Result }).value; // set if there was no problem
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Unreadable)) this.#problems.push(...problemsOf(error));
    }
  }
}
