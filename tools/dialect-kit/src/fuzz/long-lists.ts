import type { HostileValue } from "./hostile-values.js";

/** Length of a long list. */
const LENGTH = 100_000;

function listOf(element: string): string {
  return `[${Array.from({ length: LENGTH }, () => element).join(",")}]`;
}

/**
 * Lists of a hundred thousand elements. Most of them are malformed wherever a payload has a list.
 */
export const LONG_LISTS: readonly HostileValue[] = [
  { name: "long list of null", json: listOf("null") },
  { name: "long list of numbers", json: listOf("1") },
  { name: "long list of strings", json: listOf('""') },
  { name: "long list of lists", json: listOf("[]") },
  { name: "long list of objects", json: listOf("{}") },
];
