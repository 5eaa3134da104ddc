import type { Attributes } from "../model/attributes.js";

/** Returns a shallow copy without members whose getters throw. */
export function copyOfAttributes<Value>(
  attributes: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  try {
    return { ...attributes };
  } catch {
    const entries = keysOf(attributes).flatMap((key) => {
      try {
        return [[key, attributes[key] as Value] as const]; // its own key
      } catch {
        return [];
      }
    });
    return Object.fromEntries(entries);
  }
}

/**
 * Returns a copy that callers cannot change. `null` if a value is mutable or JSON cannot express it, or if the attributes
 * are not a plain object, because the caller's methods then determine their JSON.
 */
export function copyOfScalars(attributes: Attributes): Attributes | null {
  try {
    const prototype: unknown = Object.getPrototypeOf(attributes);
    if (prototype !== Object.prototype && prototype !== null) return null;
    const copy = { ...attributes };
    for (const name in copy) if (!isScalar(copy[name])) return null;
    return copy;
  } catch {
    return null; // a getter or a proxy threw
  }
}

/** Returns a copy without members that JSON cannot express, e.g. a BigInt or a cycle. `null`: JSON can express all. */
export function copyOfExpressible<Value>(
  members: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> | null {
  const names = keysOf(members);
  const kept = names.filter((name) => isExpressible(members, name));
  if (kept.length === names.length) return null;
  return Object.fromEntries(kept.map((name) => [name, members[name] as Value])); // its own key
}

function isExpressible(members: Readonly<Record<string, unknown>>, name: string): boolean {
  try {
    JSON.stringify(members[name]);
    return true;
  } catch {
    return false; // or a getter threw
  }
}

function isScalar(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
    case "undefined":
      return true;
    default:
      return value === null;
  }
}

function keysOf(attributes: object): readonly string[] {
  try {
    return Object.keys(attributes);
  } catch {
    return []; // the `ownKeys` of a proxy threw
  }
}
