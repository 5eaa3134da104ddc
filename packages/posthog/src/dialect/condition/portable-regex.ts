import type { PatternTest } from "@sortition/core/dialect";
import { FALSE, TRUE, type Tri, triOf, UNCERTAIN_REGEX } from "./tri.js";

/** Escaped punctuation that both engines read as the character itself. */
const LITERAL_ESCAPE = /[\x20-\x2f:;=?@\x5b-\x60\x7b-\x7e]/;
/** Characters that the engines may treat differently. */
const UNPORTABLE_CHARACTER = /[^\0-\x7f]|\r/;

/** Matches a pattern against a string. */
export type RegexTest = (text: string) => Tri;

/** A compiled pattern. */
export interface PortableRegex {
  readonly test: RegexTest;
  /** `false` for a pattern that JavaScript or the guard rejects. It never matches, whether negated or not. */
  readonly isValid: boolean;
}

/**
 * Compiles a pattern. It is decided only if JavaScript and PostHog's server (Rust) read it alike.
 *
 * @param guard - returns the test to use instead of the pattern, or `null` to refuse it.
 * @see src/README.md, "regex"
 */
export function compileRegex(
  pattern: string,
  guard: (regex: RegExp) => PatternTest | null,
): PortableRegex {
  if (pattern === "") return { test: () => TRUE, isValid: true };
  const classes = portableClasses(pattern);
  if (classes === null) return UNPORTABLE;
  let regex: RegExp;
  try {
    regex = new RegExp(pattern);
  } catch (error) {
    return error instanceof SyntaxError ? INVALID : UNPORTABLE;
  }
  if (!classes.every(isStrictClass)) return UNPORTABLE;
  const tested = guard(regex);
  if (tested === null) return INVALID;
  const test = (text: string): Tri => {
    if (UNPORTABLE_CHARACTER.test(text)) return UNCERTAIN_REGEX;
    try {
      const found = tested.test(text);
      return found === null ? UNCERTAIN_REGEX : triOf(found);
    } catch {
      // V8 compiles a pattern on first use, and throws if it is too large.
      return UNCERTAIN_REGEX;
    }
  };
  return { test, isValid: true };
}

const UNPORTABLE: PortableRegex = { test: () => UNCERTAIN_REGEX, isValid: true };
const INVALID: PortableRegex = { test: () => FALSE, isValid: false };

/** The stricter `u` syntax rejects ranges such as `[\s-9]`, as the server does. */
function isStrictClass(source: string): boolean {
  try {
    new RegExp(source, "u");
    return true;
  } catch {
    return false;
  }
}

/** Returns the character classes of a pattern, or `null` if the server reads any part of it differently. */
function portableClasses(pattern: string): readonly string[] | null {
  const classes: string[] = [];
  let classStart = -1;
  let former = "";
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] as string;
    if (character > "\x7f") return null;
    if (character === "\\") {
      const length = escapeLength(pattern, i, classStart !== -1);
      if (length === 0) return null;
      i += length;
      former = "literal";
      continue;
    }
    if (classStart !== -1) {
      if (character === "[") return null;
      if (character === "]") {
        if (i === classStart + (pattern[classStart + 1] === "^" ? 2 : 1)) return null;
        classes.push(pattern.slice(classStart, i + 1));
        classStart = -1;
        former = "literal";
      } else if (["&&", "--", "~~"].includes(pattern.slice(i, i + 2))) return null;
      continue;
    }
    if (character === "[") classStart = i;
    else if (character === "(" && pattern[i + 1] === "?") {
      if (pattern[i + 2] !== ":") return null;
      i += 2;
    } else if (character === "{") {
      if (!isRepetition(pattern.slice(i), former)) return null;
    } else if ("*+?}".includes(character) && "+{".includes(pattern[i + 1] ?? " ")) return null;
    if ("*+?{".includes(character) && ["^", "$", "empty group"].includes(former)) return null;
    const closesEmpty = character === ")" && ["(", "empty group"].includes(former);
    former = closesEmpty ? "empty group" : character;
  }
  return classes;
}

/** Returns the number of characters after the backslash at `index`, or 0 if the server reads the escape differently. */
function escapeLength(pattern: string, index: number, isInClass: boolean): number {
  const escaped = pattern[index + 1];
  if (escaped === undefined) return 1; // a backslash at the end is a syntax error
  if (escaped === "x") return /^[\da-f]{2}/i.test(pattern.slice(index + 2, index + 4)) ? 3 : 0;
  if (!"dDsSwWbBfnrtv".includes(escaped) && !LITERAL_ESCAPE.test(escaped)) return 0;
  return !isInClass && "bB".includes(escaped) ? 0 : 1;
}

/** Returns whether `{` begins a repetition that both engines accept. */
function isRepetition(rest: string, former: string): boolean {
  const counts = /^\{(\d+)(?:,(\d*))?\}/.exec(rest);
  if (counts === null || ["", "|", "("].includes(former)) return false;
  return counts.slice(1).every((count) => !(Number(count) > 0xffff_ffff));
}
