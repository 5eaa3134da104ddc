import type { Json } from "./definition.js";

/** A JSON object. */
export type JsonObject = { readonly [name: string]: Json };

/** Returns the value as an object. Any other value becomes an empty object. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Returns the value as a list of objects. Any other value becomes an empty list. */
export function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
