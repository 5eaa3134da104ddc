import { expectArray, type JsonObject } from "../conditions/decode.js";

/** Decodes a member of an object; `decode` gets the member's path, for its error. */
export function decodeMember<T>(
  object: JsonObject,
  path: string,
  name: string,
  decode: (value: unknown, path: string) => T,
): T {
  return decode(object[name], `${path}.${name}`);
}

/** Decodes each element of a list; `decode` gets the element's path. */
export function decodeEach<T>(
  value: unknown,
  path: string,
  decode: (element: unknown, path: string) => T,
): readonly T[] {
  return expectArray(value, path).map((element, i) => decode(element, `${path}[${i}]`));
}

/** A member that may be missing, or something else than a string. */
export function stringOr(fallback: string, value: unknown): string {
  return typeof value === "string" ? value : fallback;
}
