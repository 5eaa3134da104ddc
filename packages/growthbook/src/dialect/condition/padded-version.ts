/**
 * Returns a version as a string that sorts correctly. Numbers are padded to five characters, and a release (three
 * parts) sorts after its pre-releases.
 */
export function paddedVersionString(input: unknown): string {
  const given = typeof input === "number" ? `${input}` : input;
  const text = typeof given === "string" && given !== "" ? given : "0";
  const parts = text.replace(/(^v|\+.*$)/g, "").split(/[-.]/);
  if (parts.length === 3) parts.push("~");
  return parts.map((part) => (/^[0-9]+$/.test(part) ? part.padStart(5, " ") : part)).join("-");
}
