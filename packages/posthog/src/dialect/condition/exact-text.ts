/**
 * Returns the text of a JSON value as PostHog's server compares it. Strings are unchanged, and everything else is
 * compact JSON with sorted keys.
 *
 * Returns `null` if the server's text may differ: for an integer (JavaScript cannot distinguish `1` from `1.0`), for an
 * unpaired surrogate, and for anything that is not JSON.
 */
export function exactText(value: unknown): string | null {
  if (typeof value === "string") return isWellFormed(value) ? value : null;
  return jsonText(value, null);
}

/** Returns whether the value can be represented as JSON at all. */
export function isRepresentable(value: unknown): boolean {
  return representable(value, null);
}

/** Returns whether a string has no unpaired surrogate. */
export function isWellFormed(text: string): boolean {
  // The first test is free for strings with one byte per character, which nearly all are.
  return !/[\ud800-\udfff]/.test(text) || !/\p{Surrogate}/u.test(text);
}

/**
 * The objects that contain a value, or `null`. All levels share one set, because values may nest ten thousand levels
 * deep.
 */
type Parents = Set<object> | null;

function representable(value: unknown, parents: Parents): boolean {
  switch (typeof value) {
    case "boolean":
      return true;
    case "string":
      return isWellFormed(value);
    case "number":
      return Number.isFinite(value);
    case "object": {
      if (value === null) return true;
      if (!isPlain(value) || parents?.has(value)) return false;
      const chain = (parents ?? new Set<object>()).add(value);
      const isWhole = Array.isArray(value)
        ? value.every((item) => representable(item, chain))
        : Object.entries(value).every(
            ([key, member]) => isWellFormed(key) && representable(member, chain),
          );
      chain.delete(value);
      return isWhole;
    }
    default:
      return false;
  }
}

function jsonText(value: unknown, parents: Parents): string | null {
  switch (typeof value) {
    case "boolean":
      return String(value);
    case "string":
      return isWellFormed(value) ? JSON.stringify(value) : null;
    case "number":
      return Number.isFinite(value) && !Number.isInteger(value) ? String(value) : null;
    case "object": {
      if (value === null) return "null";
      if (!isPlain(value) || parents?.has(value)) return null;
      const chain = (parents ?? new Set<object>()).add(value);
      const text = Array.isArray(value) ? arrayText(value, chain) : objectText(value, chain);
      chain.delete(value);
      return text;
    }
    default:
      return null;
  }
}

function arrayText(items: readonly unknown[], chain: Set<object>): string | null {
  const texts: string[] = [];
  for (let i = 0; i < items.length; i++) {
    const text = i in items ? jsonText(items[i], chain) : "null";
    if (text === null) return null;
    texts.push(text);
  }
  return `[${texts.join(",")}]`;
}

function objectText(value: object, chain: Set<object>): string | null {
  const texts: string[] = [];
  for (const [key, member] of Object.entries(value).sort(byCodePoints)) {
    const text = isWellFormed(key) ? jsonText(member, chain) : null;
    if (text === null) return null;
    texts.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${texts.join(",")}}`;
}

/** Returns whether a value is an array or a plain object. The vendor rejects instances of classes. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Compares by code points instead of code units, so that characters above U+FFFF come last. */
function byCodePoints([left]: [string, unknown], [right]: [string, unknown]): number {
  const [a, b] = [Array.from(left), Array.from(right)];
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference =
      ((a[i] as string).codePointAt(0) ?? 0) - ((b[i] as string).codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
