import { SortitionError } from "@sortition/core";
import type { UnresolvedReason } from "../dialect/condition/tri.js";

/** Local evaluation lacks what a rule asks for. No call throws it: it is in the diagnostic of the flag. */
export class InconclusiveMatchError extends SortitionError {
  override readonly name = "InconclusiveMatchError";
  readonly code = "SORTITION_EVALUATION";
}

/** Only the server can evaluate the flag. No call throws it: it is in the diagnostic of the flag. */
export class RequiresServerEvaluation extends SortitionError {
  override readonly name = "RequiresServerEvaluation";
  readonly code = "SORTITION_EVALUATION";
}

/** The error of a flag without a local value. */
export function unresolvedError(key: string, reason: UnresolvedReason): SortitionError {
  const message = `flag "${key}" cannot be evaluated locally: ${reason}`;
  const isInconclusive = reason === "missing_context" || reason === "unresolved_dependency";
  return isInconclusive
    ? new InconclusiveMatchError(message)
    : new RequiresServerEvaluation(message);
}
