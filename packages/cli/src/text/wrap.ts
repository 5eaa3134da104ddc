/** How wide texts for people are, in characters. */
export const WIDTH = 100;

/**
 * Breaks a text into lines of at most `width` characters, at blanks where there are some.
 *
 * @param hang - how far all lines but the first are indented.
 */
export function wrap(text: string, width: number = WIDTH, hang = 0): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    // A blank in the indentation is no place to break at.
    const indent = rest.length - rest.trimStart().length;
    const blank = rest.lastIndexOf(" ", width);
    const end = blank > indent ? blank : width;
    lines.push(rest.slice(0, end).trimEnd());
    rest = `${" ".repeat(hang)}${rest.slice(end).trimStart()}`;
  }
  return [...lines, rest];
}
