import { SortitionError } from "@sortition/core";
import type { UnresolvedReason } from "../dialect/condition/tri.js";

/** Local evaluation lacks data that a rule needs. No call throws this error. It is part of the flag's diagnostic. */
export class InconclusiveMatchError extends SortitionError {
  override readonly name = "InconclusiveMatchError";
  readonly code = "SORTITION_EVALUATION";
}

/** Only the server can evaluate the flag. No call throws this error. It is part of the flag's diagnostic. */
export class RequiresServerEvaluation extends SortitionError {
  override readonly name = "RequiresServerEvaluation";
  readonly code = "SORTITION_EVALUATION";
}

/** Creates the error for a flag without a local value. */
export function unresolvedError(key: string, reason: UnresolvedReason): SortitionError {
  const message = `flag "${key}" cannot be evaluated locally: ${reason}`;
  const isInconclusive = reason === "missing_context" || reason === "unresolved_dependency";
  return isInconclusive
    ? new InconclusiveMatchError(message)
    : new RequiresServerEvaluation(message);
}
