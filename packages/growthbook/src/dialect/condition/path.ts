import { attributeOf } from "../evaluation/attributes.js";
import type { EvaluationCall } from "../evaluation/evaluation-call.js";

/** Reads a value out of an object; the attributes of the user, if it is the context itself. */
type Reader = (root: unknown, context: EvaluationCall) => unknown;

/** Compiles a path of names with dots between them: an attribute whose name has a dot cannot be reached. */
export function compilePath(path: string): Reader {
  const [first = "", ...rest] = path.split(".");
  return (root, context) => {
    let value = readMember(root, first, context);
    for (let i = 0; i < rest.length; i++) value = memberOf(value, rest[i] as string); // i < length
    return value;
  };
}

/** Reads one member of an object; of the user's attributes, if it is the context itself. */
export function readMember(root: unknown, name: string, context: EvaluationCall): unknown {
  return root === context ? attributeOf(context, name) : memberOf(root, name);
}

/** `null` if there is no such member. Quirk: inherited members count, and those of lists (growthbook). */
function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : null;
}
