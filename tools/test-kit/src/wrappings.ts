/** A way in which applications and libraries wrap an object. */
export interface Wrapping {
  /** Completes the sentence "a client …". */
  readonly name: string;
  wrap<T extends object>(target: T): T;
}

/**
 * How dependency injection, mocks and frameworks wrap objects. Methods are called on the result.
 */
export const wrappings: readonly Wrapping[] = [
  { name: "behind a Proxy without traps", wrap: (target) => new Proxy(target, {}) },
  {
    name: "behind a Proxy that observes",
    wrap: (target) =>
      new Proxy(target, {
        get: (it, name, receiver) => Reflect.get(it, name, receiver),
        has: (it, name) => Reflect.has(it, name),
        set: (it, name, value, receiver) => Reflect.set(it, name, value, receiver),
      }),
  },
  { name: "behind reactive() of Vue", wrap: reactive },
  {
    name: "created by Object.create",
    wrap: <T extends object>(target: T): T => Object.create(target), // as a prototype, it has all members
  },
];

/**
 * Like Vue's `reactive`: also wraps what it returns, except functions and objects that are not
 * extensible. Collections are not wrapped.
 */
function reactive<T extends object>(target: T): T {
  return new Proxy(target, {
    get(it, name, receiver) {
      const value: unknown = Reflect.get(it, name, receiver);
      if (typeof value !== "object" || value === null || !Object.isExtensible(value)) return value;
      return value instanceof Map || value instanceof Set ? value : reactive(value);
    },
  });
}
