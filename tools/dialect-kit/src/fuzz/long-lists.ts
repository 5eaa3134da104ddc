import type { HostileValue } from "./hostile-values.js";

/** Elements of any type. Most of them are malformed wherever a payload has a list. */
const ELEMENTS: Readonly<Record<string, string>> = {
  null: "null",
  numbers: "1",
  strings: '""',
  lists: "[]",
  objects: "{}",
};

/** Returns a list that contains an element, given as JSON text, so many times. */
export function listOf(name: string, element: string, length: number): HostileValue {
  return { name: `list of ${name}`, json: `[${Array(length).fill(element).join(",")}]` };
}

/** Returns lists of equal elements, one for each type of element. */
export function longLists(length: number): readonly HostileValue[] {
  return Object.entries(ELEMENTS).map(([name, element]) => listOf(name, element, length));
}
