/**
 * Escapes control characters in keys and values, which could move a terminal's cursor. Line feeds are kept, because
 * they are ours.
 */
export function printable(text: string): string {
  return text.replace(
    /[^\P{Cc}\n]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
