/**
 * Breaks a string into lines of at most `width` characters, at spaces if possible. Takes time and memory proportional
 * to the length of the string.
 *
 * @param hang - indentation of all lines except the first. Must be less than `width`.
 */
export function wrap(text: string, width: number, hang = 0): string[] {
  const lines: string[] = [];
  const indent = " ".repeat(hang);
  let at = 0;
  for (;;) {
    const prefix = at === 0 ? "" : indent;
    const room = width - prefix.length;
    if (text.length - at <= room) return [...lines, prefix + text.slice(at)];
    // One character more than fits, because it may be a space.
    const piece = text.slice(at, at + room + 1);
    // Lines are not broken at a space of their indentation.
    const indentation = piece.length - piece.trimStart().length;
    const blank = piece.lastIndexOf(" ");
    const end = blank > indentation ? blank : room;
    lines.push(prefix + piece.slice(0, end).trimEnd());
    at = skipWhiteSpace(text, at + end);
  }
}

function skipWhiteSpace(text: string, start: number): number {
  const pattern = /\S/g;
  pattern.lastIndex = start;
  return pattern.exec(text)?.index ?? text.length;
}
