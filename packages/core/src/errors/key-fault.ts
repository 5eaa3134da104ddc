/**
 * Says what is wrong with the form of a vendor's key, and what to write; `null` for a key that may be right. The text
 * contains nothing of the key.
 */
export function keyFault(key: unknown): string | null {
  if (typeof key !== "string" || key === "") return null;
  const text = key.trim();
  const [first = ""] = text;
  if (`"'\``.includes(first) || `"'\``.includes(text.at(-1) ?? "")) {
    return "is in quotes: write the key alone, since some tools keep the quotes of a .env file";
  }
  if (text !== key) return "has blanks or a line break around it: write the key alone";
  return /\s/.test(key) ? "has blanks in it: write the key alone" : null;
}
