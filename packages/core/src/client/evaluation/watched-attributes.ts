import type { Attributes } from "../../model/attributes.js";

/** Returns the same attributes, and adds the names that are read to a set. */
export function watched(attributes: Attributes, read: Set<string>): Attributes {
  const note = (name: string | symbol): void => {
    if (typeof name === "string") read.add(name);
  };
  return new Proxy(attributes, {
    get(target, name) {
      note(name);
      return Reflect.get(target, name);
    },
    has(target, name) {
      note(name);
      return Reflect.has(target, name);
    },
    getOwnPropertyDescriptor(target, name) {
      note(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
}
