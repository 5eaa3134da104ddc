import type { JsonObject } from "../evaluate/request.js";

/** A version number with two to four parts. */
export const VERSION: RegExp = /^\d+(?:\.\d+){1,3}$/;

/** What kind of value rules compare: a type or, for a string, what it looks like. */
function shapeOf(value: unknown): string {
  if (value === undefined || value === null) return "none";
  if (Array.isArray(value)) return "list";
  if (typeof value !== "string") return typeof value;
  if (VERSION.test(value)) return "version";
  if (/^\d{4}-\d\d-\d\d/.test(value)) return "date";
  const isNumber = value.trim() !== "" && Number.isFinite(Number(value));
  return isNumber ? "number in a string" : "string";
}

/** The shapes of these attributes together. */
export function shapesOf(attributes: JsonObject, names: readonly string[]): string {
  return names.map((name) => shapeOf(attributes[name])).join(",");
}
