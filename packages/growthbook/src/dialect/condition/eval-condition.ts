import { EvaluationCall } from "../evaluation/evaluation-call.js";
import { UNREPORTED } from "../malformed.js";
import { savedGroupsOf } from "../saved-groups.js";
import type { VendorAny } from "../vendor-any.js";
import type { SavedGroupsPayload } from "../wire.js";
import { isMet } from "./compiled.js";
import { compileCondition } from "./condition.js";
import type { ConditionInterface } from "./condition-interface.js";

/**
 * Tests an object with a condition, which is compiled for this call only.
 *
 * @param _visited - unused, because cyclic saved groups are detected anyway. Exists in the vendor's signature.
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
