/** Matches characters that must be escaped in SQL, JavaScript or a comment. */
const UNSAFE = /[^A-Za-z0-9 _.,:{}[\]-]/g;

/**
 * Returns a JavaScript string literal. Everything that could end an SQL statement, a literal or a comment is escaped:
 * quotes, `$$`, `*` + `/`, line breaks and backslashes.
 */
export function literal(text: string): string {
  const escaped = text.replace(
    UNSAFE,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}
