import { isJsonObject } from "@sortition/core/dialect";
import type { EvaluationCall } from "../evaluation/evaluation-call.js";
import { type CompiledCondition, type Entry, isMet } from "./compiled.js";
import { compilePath } from "./path.js";

/** Compiles `$savedGroup`. A malformed reference matches no user. */
export function compileGroupReference(wire: unknown): Entry {
  if (!isJsonObject(wire)) return () => false;
  const { attributeKey, id } = wire;
  if (typeof id !== "string") return () => false;
  if (attributeKey !== undefined && typeof attributeKey !== "string") return () => false;
  const ownReader = attributeKey === undefined ? null : compilePath(attributeKey);
  return (root, context) => {
    if (context.groupPath.has(id)) return false; // a group that refers to itself
    const group = context.savedGroups.group(id);
    switch (group.kind) {
      case "list": {
        const read = ownReader ?? group.read;
        if (read === null || group.isMember === null) return false;
        return group.isMember(read(root, context));
      }
      case "condition":
        return group.condition !== null && isInGroup(id, group.condition, root, context);
      default:
        return false;
    }
  };
}

function isInGroup(
  id: string,
  condition: CompiledCondition,
  root: unknown,
  context: EvaluationCall,
): boolean {
  context.groupPath.add(id);
  try {
    return isMet(condition, root, context);
  } finally {
    context.groupPath.delete(id);
  }
}
