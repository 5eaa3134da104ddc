import { OptionError } from "./errors.js";

/**
 * Describes what is wrong with the form of a vendor's key and how to correct it. Returns `null` for a key that may be
 * right. The message contains no part of a key.
 */
export function keyFault(key: unknown): string | null {
  if (typeof key !== "string" || key === "") return null;
  const text = key.trim();
  const [first = ""] = text;
  if (`"'\``.includes(first) || `"'\``.includes(text.at(-1) ?? "")) {
    return "is in quotes: remove them (some tools keep the quotes of a .env file)";
  }
  if (text !== key) return "has spaces or a line break around it: remove them";
  if (/^(undefined|null)$/.test(key)) {
    return `is the text "${key}": is the environment variable that holds it set?`;
  }
  return /\s/.test(key) ? "contains spaces: write only the key" : null;
}

/**
 * Returns a key that may be right.
 *
 * @param problemOf - why a key is another kind of key.
 * @throws OptionError that says what is wrong with another one.
 */
export function soundKey(
  path: string,
  key: string,
  problemOf: (key: string) => string | null = () => null,
): string {
  const problem = keyFault(key) ?? problemOf(key);
  if (problem !== null) throw new OptionError(path, problem);
  return key;
}
