/** Formats a caller's value for errors: as JSON, or in words if JSON cannot express it. */
export function shown(value: unknown): string {
  const words = wordsOf(value);
  if (words !== null) return words;
  try {
    return JSON.stringify(value, (_, member: unknown) => wordsOf(member) ?? member);
  } catch {
    return "an object without a JSON form"; // for example, an object that contains itself
  }
}

function wordsOf(value: unknown): string | null {
  switch (typeof value) {
    case "bigint":
      return `${value}n`;
    case "function":
      return "a function";
    case "symbol":
    case "undefined":
      return String(value);
    default:
      return null;
  }
}
