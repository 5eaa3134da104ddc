/** Parses a string that should be JSON. Any other value is returned unchanged. */
export function parsedOr(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
