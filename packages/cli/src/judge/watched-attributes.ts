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
    return this.#watched(attributes, "") as Attributes; // any JSON is an attribute
  }

  #watched(object: JsonObject, path: string): object {
    const note = (name: string | symbol): void => {
      if (typeof name === "symbol" || this.missing !== null || name in Object.prototype) return;
      if (path === "" && this.#isKey(name)) return;
      this.missing = `${path}${name}`;
    };
    const valueAt = (name: string | symbol): unknown => {
      const value = object[name as string];
      return isJsonObject(value) ? this.#watched(value, `${path}${String(name)}.`) : value;
    };
    // The object behind the proxy is empty, so that no invariant of it limits what the traps return.
    return new Proxy(
      {},
      {
        get(target, name) {
          if (Object.hasOwn(object, name)) return valueAt(name);
          note(name);
          return Reflect.get(target, name);
        },
        has(target, name) {
          if (Object.hasOwn(object, name)) return true;
          note(name);
          return Reflect.has(target, name);
        },
        ownKeys: () => Reflect.ownKeys(object),
        getOwnPropertyDescriptor(_, name) {
          if (Object.hasOwn(object, name)) {
            return { value: valueAt(name), configurable: true, enumerable: true, writable: true };
          }
          note(name);
          return undefined;
        },
      },
    );
  }
}
