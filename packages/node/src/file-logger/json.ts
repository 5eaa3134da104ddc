/**
 * Serializes a value with attributes of the caller. A bigint becomes a string; functions, symbols and `undefined` are
 * left out.
 * @throws TypeError for a value that contains itself
 */
export function jsonOf(value: unknown): string {
  const replace = (_: string, member: unknown): unknown =>
    typeof member === "bigint" ? `${member}` : member;
  return JSON.stringify(value, replace) ?? "null";
}
