import { OptionError } from "@sortition/core/internal";

/**
 * Converts a caller's value to JSON. Members that are `undefined` are left out.
 *
 * @param call - name of the call in errors.
 * @param path - path of the value in errors.
 * @throws OptionError that names the member which JSON cannot express.
 */
export function jsonText(value: unknown, call: string, path: string): string {
  const problem =
    value === undefined
      ? `${path}: expected a JSON value, received undefined`
      : problemOf(value, path, []);
  if (problem !== null) throw new OptionError(call, problem);
  return JSON.stringify(value);
}

/** @param owners - the objects that contain the value. */
function problemOf(value: unknown, path: string, owners: readonly object[]): string | null {
  const type = typeof value;
  if (type === "bigint" || type === "function" || type === "symbol") {
    return `${path}: expected a JSON value, received a ${type}`;
  }
  if (type !== "object" || value === null || "toJSON" in (value as object)) return null;
  const object = value as object; // `typeof` returned "object"
  if (owners.includes(object)) return `${path}: expected a JSON value, received one of its owners`;
  for (const [name, member] of Object.entries(object)) {
    const problem = problemOf(member, `${path}.${name}`, [...owners, object]);
    if (problem !== null) return problem;
  }
  return null;
}
