/** Maximum number of list entries to show. */
const MAX_ENTRIES = 8;

/** Omits the quotes of a string that cannot be mistaken for another type. */
export function valueWords(value: unknown): string {
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_ENTRIES).map(valueWords).join(", ");
    const rest = value.length - MAX_ENTRIES;
    return rest > 0 ? `${shown} and ${rest.toLocaleString("en-US")} more` : shown;
  }
  // `not set` would read as a negation.
  const isPlain =
    typeof value === "string" &&
    /^[\p{L}_@^./][^,"]*$/u.test(value) &&
    !/^not\b/.test(value) &&
    !isKeyword(value);
  return isPlain ? value : (JSON.stringify(value) ?? "nothing");
}

function isKeyword(text: string): boolean {
  return text === "true" || text === "false" || text === "null";
}
