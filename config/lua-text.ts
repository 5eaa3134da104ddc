/**
 * The text of a Lua script as it is embedded: without comments, indentation and blank lines. Comments must
 * stand on lines of their own, so that a string that contains `--` stays what it is.
 */
export function luaText(source: string): string {
  const lines = source.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("--")).join("\n");
}
