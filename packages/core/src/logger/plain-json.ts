/** What JSON can express. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** An object that JSON can express; its owner may change it. */
export interface JsonObject {
  [key: string]: Json;
}

/** A plain copy, and how many members it had to leave out. */
export interface PlainCopy {
  /** `undefined` if the value itself cannot be expressed. */
  readonly value: Json | undefined;
  readonly removed: number;
}

/** Deeper members are left out: an event is not a document. */
const MAX_DEPTH = 16;
/** Members beyond this number are left out, so that copying never takes noticeable time. */
const MAX_MEMBERS = 10_000;

/**
 * Copies a value to plain JSON at once, so that neither a later change nor a value that JSON cannot
 * express reaches an analytics library. A `BigInt` becomes a string, a `Date` ISO 8601, `toJSON` is
 * asked; what cannot be expressed (cycles, non-finite numbers, functions, symbols, what throws when it
 * is read) is left out of objects, and is `null` in arrays. Never throws.
 */
export function plainCopy(value: unknown): PlainCopy {
  const copier = new Copier();
  const copy = copier.copy(value, "", 0);
  return { value: copy, removed: copier.removed };
}

/** Whether a JSON value is an object, and no array. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

class Copier {
  removed = 0;
  #members = 0;
  /** The objects around the one at hand. */
  readonly #above = new Set<object>();

  copy(value: unknown, key: string, depth: number): Json | undefined {
    try {
      return this.#copy(value, key, depth);
    } catch {
      return this.#remove(); // a getter, a toJSON or a proxy of the caller threw
    }
  }

  #copy(value: unknown, key: string, depth: number): Json | undefined {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) ? value : this.#remove();
      case "bigint":
        return value.toString();
      case "object":
        return value === null ? null : this.#copyObject(value, key, depth);
      case "undefined":
        return undefined; // absent, not left out
      default:
        return this.#remove();
    }
  }

  #copyObject(value: object, key: string, depth: number): Json | undefined {
    if (value instanceof Date) return value.toISOString();
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return this.#copy(value.valueOf(), key, depth);
    }
    if (depth >= MAX_DEPTH || this.#above.has(value)) return this.#remove();
    this.#above.add(value);
    try {
      if ("toJSON" in value && typeof value.toJSON === "function") {
        return this.copy(value.toJSON(key), key, depth + 1);
      }
      return Array.isArray(value) ? this.#copyArray(value, depth) : this.#copyMembers(value, depth);
    } finally {
      this.#above.delete(value);
    }
  }

  #copyArray(values: readonly unknown[], depth: number): Json {
    const copies: Json[] = [];
    for (let i = 0; i < values.length && this.#mayHaveOneMore(); i++) {
      copies.push(this.#member(() => values[i], String(i), depth) ?? null);
    }
    return copies;
  }

  #copyMembers(value: object, depth: number): JsonObject {
    const copies: JsonObject = {};
    for (const key of Object.keys(value)) {
      // As a member of a plain object, this name would set a prototype in whoever merges it.
      if (key === "__proto__") this.#remove();
      else if (!this.#mayHaveOneMore()) break;
      else {
        // Only own members are listed, and any object may be read by a string.
        const copy = this.#member(() => (value as Record<string, unknown>)[key], key, depth);
        if (copy !== undefined) copies[key] = copy;
      }
    }
    return copies;
  }

  #member(read: () => unknown, key: string, depth: number): Json | undefined {
    let value: unknown;
    try {
      value = read();
    } catch {
      return this.#remove();
    }
    return this.copy(value, key, depth + 1);
  }

  #mayHaveOneMore(): boolean {
    this.#members += 1;
    if (this.#members <= MAX_MEMBERS) return true;
    this.#remove();
    return false;
  }

  #remove(): undefined {
    this.removed += 1;
    return undefined;
  }
}
