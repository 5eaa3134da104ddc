import { types } from "node:util";
import { ownValue } from "../own-value.js";
import { looksLikeSecret, withoutCredentials } from "./secrets.js";

/** Replaces a potential secret. */
export const REDACTED = "$$_posthog_redacted_based_on_masking_rules_$$";
/** Replaces a value that is too long or too large to be scanned. */
export const TOO_LONG = "$$_posthog_value_too_long_$$";

const MAX_STRING_LENGTH = 2_048;
const MAX_ITEMS = 50;
const MAX_DEPTH = 12;
const MAX_NODES = 100;

/** Data without references to the application's objects. */
type Data = string | number | boolean | null | readonly Data[] | { readonly [name: string]: Data };

/**
 * Copies a value without potential secrets. Reads only own data properties, so no getter or method of the value is
 * called.
 *
 * @param isMasked - returns whether a name or a string matches the mask patterns.
 */
export function maskedValue(value: unknown, isMasked: (text: string) => boolean): Data {
  return new Masking(isMasked).of(value, 0);
}

class Masking {
  readonly #isMasked: (text: string) => boolean;
  readonly #seen = new Set<object>();

  constructor(isMasked: (text: string) => boolean) {
    this.#isMasked = isMasked;
  }

  of(value: unknown, depth: number): Data {
    switch (typeof value) {
      case "string":
        return this.#string(value);
      case "number":
        return Number.isFinite(value) ? value : String(value);
      case "boolean":
        return value;
      case "function":
        return "<function>";
      case "object":
        return value === null ? null : this.#object(value, depth);
      default: // a bigint, a symbol or `undefined`
        return this.#string(String(value));
    }
  }

  #string(text: string): string {
    if (text.length > MAX_STRING_LENGTH) return TOO_LONG;
    if (this.#isMasked(text) || looksLikeSecret(text)) return REDACTED;
    return withoutCredentials(text, REDACTED);
  }

  #object(value: object, depth: number): Data {
    // The traps of a proxy are application code.
    if (types.isProxy(value)) return "<Proxy>";
    if (depth >= MAX_DEPTH) return TOO_LONG;
    if (this.#seen.has(value)) return "<circular ref>";
    this.#seen.add(value);
    if (this.#seen.size > MAX_NODES) return TOO_LONG;
    if (types.isDate(value)) return dateText(value);
    if (types.isRegExp(value)) return "<RegExp>";
    if (types.isNativeError(value)) return this.#error(value);
    if (types.isMap(value)) return this.#entries(Map.prototype.entries.call(value), depth);
    if (types.isSet(value)) return this.#items(Set.prototype.values.call(value), depth);
    if (ArrayBuffer.isView(value)) return `<${value.constructor.name}>`;
    if (Array.isArray(value)) {
      return value.length > MAX_ITEMS ? TOO_LONG : this.#items(ownItems(value), depth);
    }
    return this.#properties(value, depth);
  }

  #error(error: Error): Data {
    const message = ownValue(error, "message");
    return typeof message === "string" ? this.#string(message) : "<Error>";
  }

  #properties(value: object, depth: number): Data {
    const names = Object.keys(value);
    if (names.length > MAX_ITEMS) return TOO_LONG;
    const result = names.map((name): [string, Data] => [name, this.#member(value, name, depth)]);
    const className = classNameOf(value);
    if (className !== null) result.push(["__class__", className]);
    return Object.fromEntries(result);
  }

  #member(owner: object, name: string, depth: number): Data {
    if (name.length > MAX_STRING_LENGTH) return TOO_LONG;
    if (this.#isMasked(name)) return REDACTED;
    return this.of(ownMember(owner, name), depth + 1);
  }

  #entries(entries: Iterable<[unknown, unknown]>, depth: number): Data {
    const result: [string, Data][] = [];
    for (const [key, value] of entries) {
      if (result.length >= MAX_ITEMS) return TOO_LONG;
      const name = typeof key === "object" || typeof key === "function" ? "<object>" : String(key);
      result.push([name, this.#isMasked(name) ? REDACTED : this.of(value, depth + 1)]);
    }
    return Object.fromEntries(result);
  }

  #items(items: Iterable<unknown>, depth: number): Data {
    const result: Data[] = [];
    for (const item of items) {
      if (result.length >= MAX_ITEMS) return TOO_LONG;
      result.push(this.of(item, depth + 1));
    }
    return result;
  }
}

/** Arrays may have getters, too. */
function* ownItems(list: readonly unknown[]): Generator<unknown> {
  for (let i = 0; i < list.length; i++) yield ownMember(list, i);
}

function ownMember(owner: object, name: PropertyKey): unknown {
  const property = Object.getOwnPropertyDescriptor(owner, name);
  return property?.get === undefined ? property?.value : "<getter>";
}

function dateText(date: Date): string {
  const timeMs = Date.prototype.getTime.call(date);
  return Number.isNaN(timeMs) ? "Invalid Date" : new Date(timeMs).toISOString();
}

/** Returns `null` for a plain object, or if finding the name would run application code. */
function classNameOf(value: object): string | null {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype || types.isProxy(prototype)) return null;
  const owner = ownValue(prototype, "constructor");
  if (typeof owner !== "function") return null;
  const name = ownValue(owner, "name");
  return typeof name === "string" && name !== "Object" ? name : null;
}
