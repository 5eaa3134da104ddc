import { reasonOf, type Tri, type UnresolvedReason } from "../condition/tri.js";
import type { EvaluationCall } from "./evaluation-call.js";

const PROBLEMS: Readonly<Record<UnresolvedReason, string>> = {
  experience_continuity:
    "persists across authentication steps, which only PostHog's server evaluates",
  unsupported_definition: "has a condition that only PostHog's server evaluates",
  unresolved_dependency: "depends on a flag that cannot be evaluated locally",
  missing_context: "cannot use the value of a property",
};

/** Reports why a flag has no value, once for each flag. */
export function noteUndecided(flagKey: string, outcome: Tri, call: EvaluationCall): void {
  call.scope.noteMistake?.("undecided flag", flagKey, () => {
    return `flag "${flagKey}" ${problemOf(reasonOf(outcome), call)}: default returned`;
  });
}

function problemOf(reason: UnresolvedReason, { missingKey, missingOwner }: EvaluationCall): string {
  const isOfCall = reason === "missing_context" || reason === "unresolved_dependency";
  if (!isOfCall || missingKey === null) return PROBLEMS[reason];
  return `needs the ${missingOwner === "group" ? "group property" : "property"} "${missingKey}"`;
}
