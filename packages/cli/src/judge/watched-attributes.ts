import type { Attributes } from "@sortition/core";
import { hasBigInt, roundedValue } from "../evaluate/exact-json.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";

/** Wraps a subject's attributes to detect reads of attributes that the subject lacks. */
export class WatchedAttributes {
  /** The path of the first missing attribute that was read; `null` if there is none. */
  missing: string | null = null;
  /** The path of the first `bigint` that was read, which the evaluation got as a number; `null` if there is none. */
  rounded: string | null = null;
  readonly #isKey: (name: string) => boolean;
  #only: ReadonlySet<string> | null = null;
  #unneeded: ReadonlySet<string> = new Set();

  /** @param isKey - whether an attribute of this name means the subject's key. */
  constructor(isKey: (name: string) => boolean) {
    this.#isKey = isKey;
  }

  /**
   * Returns the attributes to pass to an evaluation.
   *
   * @param only - the attributes to watch; `null`: all.
   * @param unneeded - attributes that may be missing.
   */
  of(
    attributes: JsonObject,
    only: ReadonlySet<string> | null,
    unneeded: ReadonlySet<string>,
  ): Attributes {
    this.missing = null;
    this.rounded = null;
    this.#only = only;
    this.#unneeded = unneeded;
    return watched(attributes, "", this) as Attributes; // any JSON value is an attribute
  }

  /** Records a read of a missing attribute. */
  note(name: string, path: string): void {
    if (this.missing !== null || name in Object.prototype) return;
    if (path === "" && (this.#isKey(name) || this.#unneeded.has(name))) return;
    const missing = `${path}${name}`;
    const known = this.#only === null ? missing : nameAmong(this.#only, missing);
    this.missing = known;
  }
}

/**
 * The attribute that a path reads, is part of, or ends with, as in `$group_properties.company.plan`, or that contains it, as in
 * `groups.company.group_properties.plan`.
 */
function nameAmong(names: ReadonlySet<string>, path: string): string | null {
  if (names.has(path)) return path;
  for (const name of names) {
    if (
      path.endsWith(`.${name}`) ||
      `.${name}`.includes(`.${path}.`) ||
      path.startsWith(`${name}.`)
    ) {
      return name;
    }
  }
  return null;
}

/** Whether none of the attributes, which may be paths into others, is missing. */
export function hasAll(attributes: JsonObject, names: Iterable<string>): boolean {
  for (const name of names) if (!hasPath(attributes, name)) return false;
  return true;
}

function hasPath(attributes: JsonObject, name: string): boolean {
  if (Object.hasOwn(attributes, name)) return true;
  let value: unknown = attributes;
  return name.split(".").every((member) => {
    if (!isJsonObject(value) || !Object.hasOwn(value, member)) return false;
    value = value[member];
    return true;
  });
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
    const path = `${this.#path}${String(name)}`;
    if (isJsonObject(value)) return watched(value, `${path}.`, this.#by);
    if (!hasBigInt(value)) return value;
    this.#by.rounded ??= path;
    return roundedValue(value);
  }

  #note(name: string | symbol): void {
    if (typeof name === "string") this.#by.note(name, this.#path);
  }
}
