import { OptionError } from "@sortition/core/internal";

/**
 * JSON of a value of the caller.
 *
 * @param call - as errors name it.
 * @param path - of the value, for the error.
 * @throws OptionError that says which member JSON cannot express. One that is `undefined` is left out.
 */
export function jsonText(value: unknown, call: string, path: string): string {
  const problem =
    value === undefined
      ? `${path}: expected a JSON value, received undefined`
      : problemOf(value, path, []);
  if (problem !== null) throw new OptionError(call, problem);
  return JSON.stringify(value);
}

/** @param owners - what the value is a member of. */
function problemOf(value: unknown, path: string, owners: readonly object[]): string | null {
  const type = typeof value;
  if (type === "bigint" || type === "function" || type === "symbol") {
    return `${path}: expected a JSON value, received a ${type}`;
  }
  if (type !== "object" || value === null || "toJSON" in (value as object)) return null;
  const object = value as object; // as its type says
  if (owners.includes(object)) return `${path}: expected a JSON value, received one of its owners`;
  for (const [name, member] of Object.entries(object)) {
    const problem = problemOf(member, `${path}.${name}`, [...owners, object]);
    if (problem !== null) return problem;
  }
  return null;
}
