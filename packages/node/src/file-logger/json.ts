/** Serializes a value with attributes of the caller. A bigint becomes a string; what JSON cannot express is left out. */
export function jsonOf(value: unknown): string {
  const replace = (_: string, member: unknown): unknown =>
    typeof member === "bigint" ? `${member}` : member;
  return JSON.stringify(value, replace) ?? "null";
}
