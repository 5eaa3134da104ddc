/** A value of the caller as errors show it: as JSON, and what JSON cannot express in words. */
export function shown(value: unknown): string {
  const words = wordsOf(value);
  if (words !== null) return words;
  try {
    return JSON.stringify(value, (_, member: unknown) => wordsOf(member) ?? member);
  } catch {
    return "an object without a JSON form"; // it contains itself, for example
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
