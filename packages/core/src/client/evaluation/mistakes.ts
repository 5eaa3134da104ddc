import { OncePerCause } from "../../errors/once-per-cause.js";
import type { Diagnostics, Facts } from "../../runtime/diagnostics.js";

/** Counts of calls that were probably mistakes, since the client was created. They never decrease. */
export interface EvaluationCounters {
  /** The flag key is blank, or the configuration has no such flag. */
  readonly unknownFlag: number;
  /** The flag or its value has a different type than the getter. */
  readonly typeMismatch: number;
  /** The subject key is blank or an object, or the attributes are not an object. */
  readonly invalidSubject: number;
  /** The flag, or the bandit behind it, could not be evaluated. */
  readonly failed: number;
  /** An override was ignored, because its variation or its flag is unknown, or its value does not fit the getter. */
  readonly ignoredOverride: number;
}

/** The report of a mistake. */
export interface MistakeReport {
  /** A sentence that names the mistake and how to correct it. */
  readonly message: string;
  /** Never contain the subject's attributes. */
  readonly facts?: Facts;
}

/**
 * Counts callers' mistakes, and reports each combination of flag key and cause once, up to a limit. Only called for
 * evaluations without an assignment.
 */
export class Mistakes {
  readonly #diagnostics: Diagnostics;
  readonly #counters = {
    unknownFlag: 0,
    typeMismatch: 0,
    invalidSubject: 0,
    failed: 0,
    ignoredOverride: 0,
  };
  /** Created for the first mistake, so that starting a client does not have to. */
  #reported: OncePerCause | null = null;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  get counters(): EvaluationCounters {
    return Object.freeze({ ...this.#counters });
  }

  count(kind: keyof EvaluationCounters): void {
    this.#counters[kind] += 1;
  }

  /**
   * Reports a mistake unless its flag key and cause were reported before.
   *
   * @param cause - a constant, which diagnostics receive as a fact next to the sentence.
   * @param describe - called only if the mistake is reported.
   */
  report(flagKey: unknown, cause: string, describe: () => MistakeReport): void {
    this.#reported ??= new OncePerCause();
    const name = this.#reported.first(cause, flagKey);
    if (name === null) return;
    const { facts, message } = describe();
    this.#diagnostics.warn(message, {
      ...(cause === message ? {} : { cause }),
      flagKey: name,
      ...facts,
    });
  }
}
