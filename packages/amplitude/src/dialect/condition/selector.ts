import { fieldOf, type Target } from "../evaluation/target.js";
import { GROUP_FIELDS } from "../user.js";
import { type MemberReader, memberReader, ownMember } from "./member.js";

/** Reads the value that a condition or a bucket is about; `undefined` or `null`: absent. */
export type Selector = (target: Target) => unknown;

const absent: Selector = () => undefined;

/**
 * Compiles a path from the root `{ context, result }`. Absent is what cannot be reached: an empty step, a
 * member of something that is not an object.
 *
 * @throws TypeError if the path cannot be iterated, as the vendor does.
 */
export function compileSelector(path: unknown): Selector {
  if (!path) return absent;
  const steps = [...(path as Iterable<unknown>)];
  if (steps.length === 0 || steps.some((step) => !step)) return absent;
  const [root = "", ...rest] = steps.map(String);
  if (root === "context") return contextSelector(rest);
  return root === "result" ? resultSelector(rest) : absent;
}

function contextSelector([part, ...rest]: readonly string[]): Selector {
  switch (part) {
    case undefined:
      return (target) => target.context();
    case "user":
      return userSelector(rest);
    case "groups":
      return groupSelector(rest);
    default:
      return absent;
  }
}

function userSelector([field, ...rest]: readonly string[]): Selector {
  if (field === undefined) return (target) => target.user();
  if (GROUP_FIELDS.has(field)) return absent;
  if (field === "user_id") return inside((target) => target.userId, rest);
  if (field === "cohort_ids") return inside((target) => target.cohortIds(), rest);
  if (field !== "user_properties") {
    const it = fieldOf(field);
    return inside((target) => target.field(it), rest);
  }
  const [property, ...deeper] = rest;
  if (property === undefined) return (target) => target.properties();
  const it = fieldOf(property);
  return inside((target) => target.property(it), deeper);
}

function groupSelector([type, member, ...rest]: readonly string[]): Selector {
  if (type === undefined) return (target) => target.groups();
  switch (member) {
    case undefined:
      return (target) => target.groupObject(type);
    case "group_name":
      return inside((target) => target.group(type)?.name, rest);
    case "group_properties":
      return inside((target) => target.group(type)?.properties, rest);
    case "cohort_ids":
      return inside((target) => target.group(type)?.cohortIds, rest);
    default:
      return absent;
  }
}

function resultSelector([flagKey, ...rest]: readonly string[]): Selector {
  if (flagKey === undefined) return (target) => target.variants();
  const [member, ...deeper] = rest;
  if (member === undefined) return (target) => target.results.get(flagKey)?.variant;
  return inside((target) => ownMember(target.results.get(flagKey)?.variant, member), deeper);
}

/** Goes on from a value by further steps. */
function inside(start: Selector, steps: readonly string[]): Selector {
  const [first, ...others] = steps.map(memberReader);
  if (first === undefined) return start;
  if (others.length === 0) return (target) => first(start(target));
  const readers: readonly MemberReader[] = [first, ...others];
  return (target) => {
    let value = start(target);
    for (const read of readers) value = read(value);
    return value;
  };
}
