import type { Configuration } from "./configuration.js";
import type { Evaluation } from "./evaluation.js";
import type { CompiledFlag, ValueType } from "./flag.js";
import type { Override } from "./override.js";

/** Inputs and outcome of a finished call. */
export interface Answer {
  readonly flagKey: string;
  readonly subjectKey: string;
  /** Requested type. `null`: any. */
  readonly expectedType: ValueType | null;
  /** `null` before the first configuration. */
  readonly configuration: Configuration | null;
  /** `null` if the flag does not exist. */
  readonly flag: CompiledFlag | null;
  readonly override: Override | null;
  readonly evaluation: Evaluation;
}

/**
 * Records one evaluation, and then builds the dialect's details. A dialect casts the trace of its scope back to the
 * class that it created.
 */
export interface Trace<Details extends object = object> {
  /** Builds the dialect's record of the call. Called once. */
  details(answer: Answer): Details;
}
