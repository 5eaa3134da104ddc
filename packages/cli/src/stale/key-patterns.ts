/** Minimum length of the literal text in a template. Shorter texts match too many keys. */
const MIN_LITERAL = 4;
/** Placeholders of templates: `${x}`, `#{x}`, `{x}`, `$x` and `%s`. */
const PLACEHOLDER = /[$#]?\{[^{}]*\}|\$\w+|%[sdv]/g;
/** Characters of keys. Other texts, such as messages, are not keys. */
const KEY_TEXT = /^[\p{L}\p{N}_.:/-]+$/u;
const SEPARATOR_AT_END = /[_.:/-]$/;

/** The keys that a string with placeholders may result in. */
export interface KeyPattern {
  matches(key: string): boolean;
}

/**
 * Returns the pattern of a string that becomes a key when its placeholders are replaced, such as `dyn-checkout-${x}`, or when
 * something is appended to it. `null` if it is an ordinary string, or has too little text of its own.
 *
 * @param isContinued - whether the code appends something.
 */
export function keyPattern(text: string, isContinued: boolean): KeyPattern | null {
  const literals = text.split(PLACEHOLDER);
  if (isContinued) {
    if (!SEPARATOR_AT_END.test(text)) return null;
    literals.push("");
  }
  const own = literals.join("");
  if (literals.length < 2 || own.length < MIN_LITERAL || !KEY_TEXT.test(own)) return null;
  const [first = "", last = ""] = [literals[0], literals.at(-1)];
  const pattern = new RegExp(`^${literals.map(escaped).join(".+")}$`, "u");
  return {
    // Most keys fail the first two tests, which are fast.
    matches: (key) => key.startsWith(first) && key.endsWith(last) && pattern.test(key),
  };
}

function escaped(text: string): string {
  return text.replace(/[/.]/g, "\\$&");
}
