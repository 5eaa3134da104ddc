/** Parses a string that should be JSON; any other string is returned as it is. */
export function parsedOr(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
