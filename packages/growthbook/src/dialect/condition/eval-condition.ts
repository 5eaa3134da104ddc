import { EvaluationCall } from "../evaluation/evaluation-call.js";
import { UNREPORTED } from "../malformed.js";
import { savedGroupsOf } from "../saved-groups.js";
import type { VendorAny } from "../vendor-any.js";
import type { SavedGroupsPayload } from "../wire.js";
import { isMet } from "./compiled.js";
import { compileCondition } from "./condition.js";
import type { ConditionInterface } from "./condition-interface.js";

/**
 * Tests an object with a condition that is used once: it is compiled for this call.
 *
 * @param _visited - the vendor's own: groups that refer to themselves are found here anyway.
 */
export function evalCondition(
  obj: Record<string, VendorAny>,
  condition: ConditionInterface,
  savedGroups?: SavedGroupsPayload,
  _visited?: Set<string>,
): boolean {
  const context = new EvaluationCall();
  context.savedGroups = savedGroupsOf(savedGroups);
  return isMet(compileCondition(condition, "condition", UNREPORTED), obj, context);
}
