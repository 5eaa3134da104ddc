/** What a JSON string may contain as it is, wherever it is written. */
const UNSAFE = /[^A-Za-z0-9 _.,:{}[\]-]/g;

/**
 * A string literal of JavaScript with the text in it. Whatever could end a statement of SQL, a literal or a comment is an
 * escape: quotes, `$$`, `*` + `/`, line ends, each `\`.
 */
export function literal(text: string): string {
  const escaped = text.replace(
    UNSAFE,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}
