import type { Attributes } from "@sortition/core";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";

/** Wraps a subject's attributes to detect reads of attributes that the subject lacks. */
export class WatchedAttributes {
  /** The path of the first missing attribute that was read; `null` if there is none. */
  missing: string | null = null;
  readonly #isKey: (name: string) => boolean;

  /** @param isKey - whether an attribute of this name means the subject's key. */
  constructor(isKey: (name: string) => boolean) {
    this.#isKey = isKey;
  }

  /** Returns the attributes to pass to an evaluation. */
  of(attributes: JsonObject): Attributes {
    this.missing = null;
    return watched(attributes, "", this) as Attributes; // any JSON value is an attribute
  }

  /** Records a read of a missing attribute. */
  note(name: string, path: string): void {
    if (this.missing !== null || name in Object.prototype) return;
    if (path === "" && this.#isKey(name)) return;
    this.missing = `${path}${name}`;
  }
}

function watched(object: JsonObject, path: string, by: WatchedAttributes): object {
  // The proxy's target is empty, so that proxy invariants do not restrict what the traps return.
  return new Proxy({}, new Watch(object, path, by));
}

class Watch implements ProxyHandler<object> {
  readonly #object: JsonObject;
  /** Path of the object, with a trailing dot. */
  readonly #path: string;
  readonly #by: WatchedAttributes;

  constructor(object: JsonObject, path: string, by: WatchedAttributes) {
    this.#object = object;
    this.#path = path;
    this.#by = by;
  }

  get(target: object, name: string | symbol): unknown {
    if (Object.hasOwn(this.#object, name)) return this.#valueAt(name);
    this.#note(name);
    return Reflect.get(target, name);
  }

  has(target: object, name: string | symbol): boolean {
    if (Object.hasOwn(this.#object, name)) return true;
    this.#note(name);
    return Reflect.has(target, name);
  }

  ownKeys(): (string | symbol)[] {
    return Reflect.ownKeys(this.#object);
  }

  getOwnPropertyDescriptor(_: object, name: string | symbol): PropertyDescriptor | undefined {
    if (Object.hasOwn(this.#object, name)) {
      return { value: this.#valueAt(name), configurable: true, enumerable: true, writable: true };
    }
    this.#note(name);
    return undefined;
  }

  #valueAt(name: string | symbol): unknown {
    const value = this.#object[name as string];
    return isJsonObject(value) ? watched(value, `${this.#path}${String(name)}.`, this.#by) : value;
  }

  #note(name: string | symbol): void {
    if (typeof name === "string") this.#by.note(name, this.#path);
  }
}
