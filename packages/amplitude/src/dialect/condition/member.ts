/**
 * Whether objects or lists inherit a member with this name, so that only own members may be used.
 */
export function isInherited(name: string): boolean {
  return name in Object.prototype || (name in Array.prototype && name !== "length");
}

/**
 * Reads one member of a value. Returns `undefined` if the value is not an object or has no such
 * member.
 */
export type MemberReader = (value: unknown) => unknown;

/**
 * Prepares reading a member by name. Members that all objects inherit, such as `constructor`, are
 * ignored, although the vendor's SDK reads them.
 */
export function memberReader(name: string): MemberReader {
  if (isInherited(name)) return (value) => ownMember(value, name);
  return (value) =>
    typeof value === "object" && value !== null
      ? (value as Readonly<Record<string, unknown>>)[name]
      : undefined;
}

/** Returns an own member of an object, or `undefined` if the value is not an object. */
export function ownMember(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** Sets an own member with any name. */
export function setMember(object: object, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(object, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else (object as Record<string, unknown>)[name] = value;
}
