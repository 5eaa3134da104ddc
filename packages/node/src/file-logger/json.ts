/** JSON text in which what JSON cannot express is a text, or left out. Attributes are the caller's. */
export function jsonOf(value: unknown): string {
  const replace = (_: string, member: unknown): unknown =>
    typeof member === "bigint" ? `${member}` : member;
  return JSON.stringify(value, replace) ?? "null";
}
