import { attributeOf } from "../evaluation/attributes.js";
import type { EvaluationCall } from "../evaluation/evaluation-call.js";

/** Reads a value of an object, or of the user's attributes if `root` is the context itself. */
type Reader = (root: unknown, context: EvaluationCall) => unknown;

/**
 * Compiles a path of names that are separated by dots. An attribute whose own name contains a dot cannot be reached.
 */
export function compilePath(path: string): Reader {
  const [first = "", ...rest] = path.split(".");
  return (root, context) => {
    let value = readMember(root, first, context);
    for (let i = 0; i < rest.length; i++) value = memberOf(value, rest[i] as string); // i < length
    return value;
  };
}

/** Reads a member of an object, or of the user's attributes if `root` is the context itself. */
export function readMember(root: unknown, name: string, context: EvaluationCall): unknown {
  return root === context ? attributeOf(context, name) : memberOf(root, name);
}

/**
 * Returns `null` if there is no such member. Quirk: inherited members and members of lists are found too (growthbook).
 */
function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : null;
}
