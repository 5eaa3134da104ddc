/**
 * Returns whether a string consists of the parts, ignoring case, with any characters except line ends between them. The
 * result is that of a regular expression with the parts joined by `.*`, but in linear time.
 *
 * @param parts - at least one.
 */
export function isGlobMatch(text: string, parts: readonly string[]): boolean {
  const folded = foldCase(text);
  const [first = "", ...others] = parts.map(foldCase);
  if (!folded.startsWith(first)) return false;
  const last = others.pop();
  if (last === undefined) return folded === first;
  let at = first.length;
  // The first occurrence of a part leaves the most characters for the others.
  for (const part of others) {
    const found = folded.indexOf(part, at);
    if (found < 0 || LINE_END.test(folded.slice(at, found))) return false;
    at = found + part.length;
  }
  const end = folded.length - last.length;
  return end >= at && folded.endsWith(last) && !LINE_END.test(folded.slice(at, end));
}

const LINE_END = /[\n\r\u2028\u2029]/;

/** Maps UTF-16 code units that a case-insensitive `RegExp` treats as equal to the same unit. */
function foldCase(text: string): string {
  return /^[\0-\x7f]*$/.test(text)
    ? text.toUpperCase()
    : text.replace(/[^A-Z]/g, (unit) => {
        const upper = unit.toUpperCase();
        // `RegExp` does not use a mapping to several units, or from a non-ASCII unit to an ASCII letter.
        return upper.length === 1 && (upper >= "\x80" || unit < "\x80") ? upper : unit;
      });
}
