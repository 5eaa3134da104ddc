/**
 * Gives an object what it works with, as a property `inner` that is not enumerable: private names are not found behind
 * a `Proxy`, nor in what `Object.create` makes of it.
 */
export function defineInner(owner: object, inner: object): void {
  // Not extensible: proxies that wrap what they return, such as Vue's, leave it as it is.
  Object.defineProperty(owner, "inner", { value: Object.preventExtensions(inner) });
}
