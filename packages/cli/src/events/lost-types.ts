import { withAttribute } from "@sortition/core/dialect";
import type { JsonObject } from "../evaluate/request.js";
import type { Retyped } from "../judge/flag-judge.js";

/** Accepts a number only in JavaScript's own notation, so `"007"` remains a string. */
export function numberIn(cell: string): number | null {
  const number = Number(cell);
  return Number.isFinite(number) && String(number) === cell ? number : null;
}

/** Accepts the notations that databases use for booleans. */
export function booleanIn(cell: string): boolean | null {
  if (/^(?:true|t)$/i.test(cell)) return true;
  return /^(?:false|f)$/i.test(cell) ? false : null;
}

/**
 * Returns the attributes once for each other type that a cell may have had before it was written to CSV.
 *
 * @param names - the attributes whose types are unknown.
 */
export function retyped(attributes: JsonObject, names: ReadonlySet<string>): readonly Retyped[] {
  const all: Retyped[] = [];
  for (const name of names) {
    const cell = attributes[name];
    if (typeof cell !== "string") continue;
    const value = booleanIn(cell) ?? numberIn(cell);
    if (value === null) continue;
    const problem =
      `the result depends on whether ${name} is a string or a ${typeof value}, which CSV does not show. ` +
      `Add the type to --map, e.g. attributes.${name}:${typeof value}=COLUMN`;
    all.push({ attributes: { ...withAttribute(attributes, name, value), [name]: value }, problem });
  }
  return all;
}
