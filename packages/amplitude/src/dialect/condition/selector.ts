import { elementsIn } from "../evaluation/decoded.js";
import { type EvaluationCall, fieldOf } from "../evaluation/evaluation-call.js";
import { GROUP_FIELDS } from "../user.js";
import { type MemberReader, memberReader, ownMember } from "./member.js";

/**
 * Reads the value that a condition or a bucket uses. `undefined` and `null` mean that it is absent.
 */
export type Selector = (call: EvaluationCall) => unknown;

/** Never selects a value. */
export const selectsNothing: Selector = () => undefined;

/**
 * Compiles a path from the root `{ context, result }`. A value that cannot be reached, because of
 * an empty step or a step into something that is not an object, is absent.
 *
 * @throws TypeError if the path cannot be iterated, as in the vendor's SDK.
 */
export function compileSelector(path: unknown): Selector {
  if (!path) return selectsNothing;
  const steps = elementsIn(path) ?? [...(path as Iterable<unknown>)];
  // Quirk: a path of negative length ends at its root (amplitude).
  if ((path as ArrayLike<unknown>).length < 0) {
    return (call) => ({ context: call.context(), result: call.variants() });
  }
  if (steps.length === 0 || steps.some((step) => !step)) return selectsNothing;
  const [first = "", ...rest] = steps.map(String);
  if (first === "context") return contextSelector(rest);
  return first === "result" ? resultSelector(rest) : selectsNothing;
}

function contextSelector([part, ...rest]: readonly string[]): Selector {
  switch (part) {
    case undefined:
      return (call) => call.context();
    case "user":
      return userSelector(rest);
    case "groups":
      return groupSelector(rest);
    default:
      return selectsNothing;
  }
}

function userSelector([field, ...rest]: readonly string[]): Selector {
  if (field === undefined) return (call) => call.user();
  if (GROUP_FIELDS.has(field)) return selectsNothing;
  if (field === "user_id") return inside((call) => call.userId, rest);
  if (field === "cohort_ids") return inside((call) => call.cohortIds(), rest);
  if (field !== "user_properties") {
    const it = fieldOf(field);
    return inside((call) => call.field(it), rest);
  }
  const [property, ...deeper] = rest;
  if (property === undefined) return (call) => call.properties();
  const it = fieldOf(property);
  return inside((call) => call.property(it), deeper);
}

function groupSelector([type, member, ...rest]: readonly string[]): Selector {
  if (type === undefined) return (call) => call.groups();
  switch (member) {
    case undefined:
      return (call) => call.groupObject(type);
    case "group_name":
      return inside((call) => call.group(type)?.name, rest);
    case "group_properties":
      return inside((call) => call.group(type)?.properties, rest);
    case "cohort_ids":
      return inside((call) => call.group(type)?.cohortIds, rest);
    default:
      return selectsNothing;
  }
}

function resultSelector([flagKey, ...rest]: readonly string[]): Selector {
  if (flagKey === undefined) return (call) => call.variants();
  const [member, ...deeper] = rest;
  if (member === undefined) return (call) => call.results.get(flagKey)?.variant;
  return inside((call) => ownMember(call.results.get(flagKey)?.variant, member), deeper);
}

/** Returns a selector that applies further path steps to the value of another selector. */
function inside(start: Selector, steps: readonly string[]): Selector {
  const [first, ...others] = steps.map(memberReader);
  if (first === undefined) return start;
  if (others.length === 0) return (call) => first(start(call));
  const readers: readonly MemberReader[] = [first, ...others];
  return (call) => {
    let value = start(call);
    for (const read of readers) value = read(value);
    return value;
  };
}
