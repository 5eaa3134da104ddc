import { EvaluationError } from "../../errors/errors.js";
import type { Evaluation } from "../../model/evaluation.js";
import type { CompiledFlag } from "../../model/flag.js";

/**
 * Caches the outcomes of getters of another type than the flag's, in graceful mode. Creating an error takes thirty
 * times as long as an evaluation, and callers do not see its stack, so each error is created once per flag.
 */
export class WrongTypes {
  readonly #known = new WeakMap<CompiledFlag, Map<string, Evaluation>>();

  of(flag: CompiledFlag, expectedType: string): Evaluation {
    let byType = this.#known.get(flag);
    if (byType === undefined) {
      byType = new Map();
      this.#known.set(flag, byType);
    }
    let evaluation = byType.get(expectedType);
    if (evaluation === undefined) {
      evaluation = { kind: "error", error: wrongType(flag, expectedType), exposure: null };
      byType.set(expectedType, evaluation);
    }
    return evaluation;
  }
}

/** Creates the error for a getter of another type than the flag's. */
export function wrongType({ key, valueType }: CompiledFlag, expectedType: string): EvaluationError {
  const message = `flag "${key}" is of type ${valueType}, not ${expectedType}`;
  return new EvaluationError("SORTITION_TYPE_MISMATCH", key, message);
}
