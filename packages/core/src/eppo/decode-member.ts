import type { JsonObject } from "../conditions/decode.js";

/** Decodes a member of an object; `decode` gets the member's path, for its error. */
export function decodeMember<T>(
  object: JsonObject,
  path: string,
  name: string,
  decode: (value: unknown, path: string) => T,
): T {
  return decode(object[name], `${path}.${name}`);
}

/** A member that may be missing, or something else than a string. */
export function stringOr(fallback: string, value: unknown): string {
  return typeof value === "string" ? value : fallback;
}
