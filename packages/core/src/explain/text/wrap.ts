/**
 * Breaks a string into lines of at most `width` characters, at blanks where there are some. Takes time
 * and memory proportional to the length of the string.
 *
 * @param hang - how far all lines but the first are indented; less than `width`.
 */
export function wrap(text: string, width: number, hang = 0): string[] {
  const lines: string[] = [];
  const indent = " ".repeat(hang);
  let at = 0;
  for (;;) {
    const prefix = at === 0 ? "" : indent;
    const room = width - prefix.length;
    if (text.length - at <= room) return [...lines, prefix + text.slice(at)];
    // One more than fits: that may be the blank.
    const piece = text.slice(at, at + room + 1);
    // No line is broken at a blank of its indentation.
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
