import { expectArray, type JsonObject } from "../conditions/decode.js";

/** Decodes a member of an object. `decode` receives the member's path for its errors. */
export function decodeMember<T>(
  object: JsonObject,
  path: string,
  name: string,
  decode: (value: unknown, path: string) => T,
): T {
  return decode(object[name], `${path}.${name}`);
}

/** Decodes each element of a list. `decode` receives the element's path for its errors. */
export function decodeEach<T>(
  value: unknown,
  path: string,
  decode: (element: unknown, path: string) => T,
): readonly T[] {
  return expectArray(value, path).map((element, i) => decode(element, `${path}[${i}]`));
}

/** Returns the value if it is a string, otherwise the fallback. */
export function stringOr(fallback: string, value: unknown): string {
  return typeof value === "string" ? value : fallback;
}
