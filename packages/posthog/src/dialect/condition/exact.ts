import { exactText, isRepresentable, isWellFormed } from "./exact-text.js";
import { FALSE, TRUE, type Tri, triOf, UNSUPPORTED } from "./tri.js";

/** Tests a value. `isVersion2` selects `property_matching_version` 2 instead of the older rules. */
export type ExactTest = (value: unknown, how: { readonly isVersion2: boolean }) => Tri;

/**
 * Compiles `exact`.
 *
 * @param target - the filter's value.
 * @param unusable - outcome for a property without a comparable text.
 * @see src/README.md, "exact and is_not"
 */
export function compileExact(target: unknown, unusable: Tri): ExactTest {
  const compare = Array.isArray(target)
    ? compareWithItems(target, unusable)
    : compareWithText(target, unusable);
  if (!isBooleanLike(target)) return compare;
  const isTrue = isTruthy(target);
  const compareTruth = (value: unknown): Tri =>
    isRepresentable(value) ? triOf(isTrue === isTruthy(value)) : unusable;
  // Quirk: an empty list is treated as true, in both versions (posthog).
  if (Array.isArray(target) && target.length === 0) return (value) => compareTruth(value);
  return (value, { isVersion2 }) => {
    if (!isVersion2) return compareTruth(value);
    if (typeof value === "number") return Number.isFinite(value) ? FALSE : unusable;
    return compare(value);
  };
}

function compareWithText(target: unknown, unusable: Tri): (value: unknown) => Tri {
  const text = exactText(target);
  if (text === null) return () => UNSUPPORTED;
  const folded = text.toLowerCase();
  const isFolded = folded === text;
  return (value) => {
    if (value === text) return TRUE;
    const actual = foldedText(value);
    if (actual === null) return unusable;
    // If folding did not change the value, the comparison above has already failed. V8 compares identical strings by
    // address.
    if (isFolded && actual === value) return FALSE;
    return triOf(actual === folded);
  };
}

/** Items are tried in order. Items after the first one without a text are never reached. */
function compareWithItems(items: readonly unknown[], unusable: Tri): (value: unknown) => Tri {
  if (items.length === 1 && exactText(items[0]) !== null)
    return compareWithText(items[0], unusable);
  const texts: string[] = [];
  let otherwise = FALSE;
  for (const item of items) {
    const text = exactText(item);
    if (text === null) {
      otherwise = UNSUPPORTED;
      break;
    }
    texts.push(text);
  }
  const folded = texts.map((text) => text.toLowerCase());
  const areFolded = folded.every((text, i) => text === texts[i]);
  const isText = membershipOf(texts);
  const isFolded = areFolded ? isText : membershipOf(folded);
  const [first] = texts; // `undefined`, which equals no string, if the first item has no text
  return (value) => {
    // The first item is compared directly, because lists are short and begin with the most common value.
    if (typeof value === "string" && (value === first || isText(value))) return TRUE;
    const actual = foldedText(value);
    if (actual === null) return unusable;
    // If folding did not change the value, the search above has already failed.
    if (areFolded && actual === value) return otherwise;
    return isFolded(actual) ? TRUE : otherwise;
  };
}

/** Maximum number of texts for which searching a list is as fast as a set. A set needs ten times the memory. */
const FEW = 8;

function membershipOf(texts: readonly string[]): (text: string) => boolean {
  if (texts.length > FEW) {
    const many = new Set(texts);
    return (text) => many.has(text);
  }
  const few = texts.slice(); // drops the spare capacity
  return (text) => {
    for (let i = 0; i < few.length; i++) if (few[i] === text) return true;
    return false;
  };
}

/** Maximum length of a cached string. */
const MAX_KEPT = 256;
/** The last folded string. The conditions of a flag often compare one property with many values. */
let lastText = "";
let lastFolded: string | null = "";

function foldedText(value: unknown): string | null {
  if (typeof value !== "string") return exactText(value)?.toLowerCase() ?? null;
  if (value === lastText) return lastFolded;
  const folded = isWellFormed(value) ? value.toLowerCase() : null;
  if (value.length <= MAX_KEPT) {
    lastText = value;
    lastFolded = folded;
  }
  return folded;
}

function isBooleanLike(value: unknown): boolean {
  if (typeof value === "boolean") return true;
  if (typeof value === "string") return /^(?:true|false)$/.test(value.toLowerCase());
  return Array.isArray(value) && Array.from(value).every(isBooleanLike);
}

function isTruthy(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value.toLowerCase() === "true";
  return Array.isArray(value) && Array.from(value).every(isTruthy);
}
