/** What the engine uses of the language and its sources of 2019 do not have. The build puts it in their place. */

const hasOwnMember = Object.prototype.hasOwnProperty;

export function hasOwn(object: object, name: PropertyKey): boolean {
  // Not `Object.hasOwn`, in whose place the build puts this.
  return hasOwnMember.call(object, name);
}

/** The platform, of which nothing is used: the engine has its own hashes and encodings. */
export const globalObject: object = {};

if (Array.prototype.at === undefined) {
  // Not enumerable, as that of the language.
  Object.defineProperty(Array.prototype, "at", {
    value(this: readonly unknown[], index: number): unknown {
      return this[index < 0 ? this.length + index : index];
    },
    configurable: true,
    writable: true,
  });
}
