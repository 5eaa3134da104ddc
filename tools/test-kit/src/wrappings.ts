/** A way in which applications and libraries pass an object on. */
export interface Wrapping {
  /** Completes the sentence "a client …". */
  readonly name: string;
  wrap<T extends object>(target: T): T;
}

/** What dependency injection, mocks and frameworks make of an object. Methods are called on what is returned. */
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
    name: "made by Object.create",
    wrap: <T extends object>(target: T): T => Object.create(target), // as a prototype, it has all members
  },
];

/** As Vue's: wraps what it returns, but for functions and what is not extensible. Collections stay as they are. */
function reactive<T extends object>(target: T): T {
  return new Proxy(target, {
    get(it, name, receiver) {
      const value: unknown = Reflect.get(it, name, receiver);
      if (typeof value !== "object" || value === null || !Object.isExtensible(value)) return value;
      return value instanceof Map || value instanceof Set ? value : reactive(value);
    },
  });
}
