/**
 * Whether a text consists of parts, in any case, with anything but line ends between them: what the regular expression
 * of the parts, joined by `.*`, says, in a time that grows with the length of the text only.
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
  // Of several places for a part the first one leaves the most to the others.
  for (const part of others) {
    const found = folded.indexOf(part, at);
    if (found < 0 || LINE_END.test(folded.slice(at, found))) return false;
    at = found + part.length;
  }
  const end = folded.length - last.length;
  return end >= at && folded.endsWith(last) && !LINE_END.test(folded.slice(at, end));
}

const LINE_END = /[\n\r\u2028\u2029]/;

/** Units that `RegExp` takes for equal if case is ignored become the same. */
function foldCase(text: string): string {
  return /^[\0-\x7f]*$/.test(text)
    ? text.toUpperCase()
    : text.replace(/[^A-Z]/g, (unit) => {
        const upper = unit.toUpperCase();
        // Neither several units, nor an ASCII letter for another one.
        return upper.length === 1 && (upper >= "\x80" || unit < "\x80") ? upper : unit;
      });
}
