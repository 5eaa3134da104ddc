import type { HostileValue } from "./hostile-values.js";
import { type JsonPath, pathText, REMOVED, withNode } from "./json-path.js";

/** A replacement of one node of a document by a hostile value. */
export interface Mutation {
  readonly path: JsonPath;
  readonly value: HostileValue;
}

/**
 * Placeholder for the hostile value while the rest is printed, because `JSON.stringify` cannot
 * print all values.
 */
const PLACE = "@hostile value@";

/** Returns the JSON text of a document with a mutation. */
export function mutatedText(
  document: unknown,
  { path, value }: Mutation,
  print: (document: unknown) => string = JSON.stringify,
): string {
  const { json } = value;
  if (json === null && path.length > 0) return print(withNode(document, path, () => REMOVED));
  const text = print(withNode(document, path, () => PLACE));
  return text.replace(JSON.stringify(PLACE), () => json ?? "null");
}

/** Formats a mutation for reports: `$.flags["a"].key ← empty string`. */
export function mutationText({ path, value }: Mutation): string {
  return `${pathText(path)} ← ${value.name}`;
}
