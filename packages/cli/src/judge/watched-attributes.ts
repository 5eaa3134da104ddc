import type { Attributes } from "@sortition/core";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";

/** Attributes of a subject that notice when one is read that the subject does not have. */
export class WatchedAttributes {
  /** The path of the first one that was read and is not there; `null`: none. */
  missing: string | null = null;
  readonly #isKey: (name: string) => boolean;

  /** @param isKey - whether the key of the subject stands for an attribute of this name. */
  constructor(isKey: (name: string) => boolean) {
    this.#isKey = isKey;
  }

  /** The attributes as an evaluation may read them. */
  of(attributes: JsonObject): Attributes {
    this.missing = null;
    return watched(attributes, "", this) as Attributes; // any JSON is an attribute
  }

  /** Notes that an attribute which is not there was read. */
  note(name: string, path: string): void {
    if (this.missing !== null || name in Object.prototype) return;
    if (path === "" && this.#isKey(name)) return;
    this.missing = `${path}${name}`;
  }
}

function watched(object: JsonObject, path: string, by: WatchedAttributes): object {
  // The object behind the proxy is empty, so that no invariant of it limits what the traps return.
  return new Proxy({}, new Watch(object, path, by));
}

/** What a proxy of an object does. */
class Watch implements ProxyHandler<object> {
  readonly #object: JsonObject;
  /** Of the object, with a dot at its end. */
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
