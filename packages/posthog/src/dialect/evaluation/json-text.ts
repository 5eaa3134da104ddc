/**
 * Returns the JSON text of a value that `JSON.parse` returned. Unlike `JSON.stringify`, it preserves `-0` and numbers
 * beyond the range of doubles.
 */
export function jsonText(value: unknown): string {
  if (typeof value === "number") return numberText(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join()}]`;
  const members = Object.entries(value).map(
    ([key, it]) => `${JSON.stringify(key)}:${jsonText(it)}`,
  );
  return `{${members.join()}}`;
}

function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? String(value) : value < 0 ? "-1e999" : "1e999";
}
