import type { Assigned, Evaluation } from "./evaluation.js";
import type { Scope } from "./scope.js";
import type { Subject } from "./subject.js";

/** The types of typed getters. */
export type ValueType = "boolean" | "integer" | "numeric" | "string" | "json";

/** The value of a variation. */
export type VariationValue = Pick<Assigned, "value" | "json">;

/**
 * A flag that is ready to be evaluated. Broken and disabled flags are also compiled, and their evaluation returns this
 * state. A compiled flag contains nothing from outside its own bytes, so that it can be reused after a refresh.
 */
export interface CompiledFlag<Extras = unknown> {
  /** The key that callers request. */
  readonly key: string;
  /** Declared type. `null`: the client checks each value against the getter. `"unknown"`: it matches no getter. */
  readonly valueType: ValueType | "unknown" | null;
  /**
   * Evaluates the flag for one subject. Pure, except for what `scope` provides.
   *
   * @throws any error that the vendor's SDK would throw here. The client converts it to an evaluation error.
   */
  evaluate(subject: Subject, scope: Scope<Extras>): Evaluation;
  /**
   * Returns the values that a variation has for getters of a type (`null`: any), for overrides that name only the
   * variation. Empty: there is no such variation, or it has no value of this type. Several: the rules give it different
   * values. Default: there are no such overrides.
   */
  variationValues?(key: string, type: ValueType | null): readonly VariationValue[];
}
