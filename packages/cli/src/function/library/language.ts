/** Language features that the engine uses and that runtimes of 2019 lack. The build replaces them with these. */

const hasOwnMember = Object.prototype.hasOwnProperty;

export function hasOwn(object: object, name: PropertyKey): boolean {
  // Must not use `Object.hasOwn`, because the build replaces it with this function.
  return hasOwnMember.call(object, name);
}

/** Stands in for the global object. It is empty, because the engine has its own hashes and encodings. */
export const globalObject: object = {};

if (Array.prototype.at === undefined) {
  // The property is not enumerable, like the built-in method.
  Object.defineProperty(Array.prototype, "at", {
    value(this: readonly unknown[], index: number): unknown {
      return this[index < 0 ? this.length + index : index];
    },
    configurable: true,
    writable: true,
  });
}
