import type { Evaluation } from "./evaluation.js";
import type { Scope } from "./scope.js";
import type { Subject } from "./subject.js";

/** Types that a typed getter can ask for. */
export type ValueType = "boolean" | "integer" | "numeric" | "string" | "json";

/**
 * A flag that is ready to be evaluated. Broken and disabled flags are compiled flags too, that say
 * so. It contains nothing from outside its own text, so that it survives a refresh unchanged.
 */
export interface CompiledFlag {
  /** The key it is asked for by. */
  readonly key: string;
  /** Declared type; `null`: checked on the value; `"unknown"`: matches no getter. */
  readonly valueType: ValueType | "unknown" | null;
  /**
   * Evaluates the flag for one subject. Pure, but for what `scope` gives.
   *
   * @throws whatever the vendor's SDK would throw at this point; the client turns it into an
   * evaluation error.
   */
  evaluate(subject: Subject, scope: Scope): Evaluation;
}
