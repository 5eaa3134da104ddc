/** What the engine uses of the language and its sources of 2019 do not have. The build puts it in their place. */

export function hasOwn(object: object, name: PropertyKey): boolean {
  return Object.hasOwn(object, name);
}

/** The platform, of which nothing is used: the engine has its own hashes and encodings. */
export const globalObject: object = {};
