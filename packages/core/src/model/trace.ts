import type { Configuration } from "./configuration.js";
import type { Evaluation } from "./evaluation.js";
import type { CompiledFlag, ValueType } from "./flag.js";
import type { Override } from "./override.js";

/** One finished call, as the client saw it. */
export interface Answer {
  readonly flagKey: string;
  readonly subjectKey: string;
  /** `null`: any. */
  readonly expectedType: ValueType | null;
  /** `null` before the first configuration. */
  readonly configuration: Configuration | null;
  /** `null` if there is no such flag. */
  readonly flag: CompiledFlag | null;
  readonly override: Override | null;
  readonly evaluation: Evaluation;
}

/**
 * Listens to one evaluation and afterwards tells, in the dialect's own words, how it went.
 * A dialect casts the trace in its scope back to the class that it created.
 */
export interface Trace<Details extends object = object> {
  /** The dialect's record of the call. Called once. */
  details(answer: Answer): Details;
}
