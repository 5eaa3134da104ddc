import type { Evaluation } from "./evaluation.js";
import type { Scope } from "./scope.js";
import type { Subject } from "./subject.js";

/** Types that a typed getter can ask for. */
export type ValueType = "boolean" | "integer" | "numeric" | "string" | "json";

/**
 * A flag that is ready to be evaluated. Broken and disabled flags are compiled flags too, whose
 * evaluation says so. It contains nothing from outside its own bytes, so that it survives a refresh.
 */
export interface CompiledFlag<Extras = unknown> {
  /** The key it is asked for by. */
  readonly key: string;
  /**
   * Declared type. `null`: the client checks each value against the getter. `"unknown"`: matches no
   * getter.
   */
  readonly valueType: ValueType | "unknown" | null;
  /**
   * Evaluates the flag for one subject. Pure, except for what `scope` provides.
   *
   * @throws whatever the vendor's SDK would throw at this point; the client turns it into an
   * evaluation error.
   */
  evaluate(subject: Subject, scope: Scope<Extras>): Evaluation;
}
