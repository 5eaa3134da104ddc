/**
 * Stores an object's internals in a property `inner` that is not enumerable. Private names would
 * not be accessible through a `Proxy` or an object created with `Object.create`.
 */
export function defineInner(owner: object, inner: object): void {
  // The object is not extensible, so that proxies that wrap returned objects, such as Vue's, leave it unwrapped.
  Object.defineProperty(owner, "inner", { value: Object.preventExtensions(inner) });
}
