/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | PlainObject;

/** A mutable JSON object. */
export interface PlainObject {
  [key: string]: Json;
}

/** A copy as plain JSON, and the number of members that were removed. */
export interface PlainCopy {
  /** `undefined` if the value itself cannot be expressed. */
  readonly value: Json | undefined;
  readonly removed: number;
}

/** Replacements for values that JSON cannot express. Values without a replacement are removed. */
export interface Substitutes {
  /** For non-finite numbers and invalid dates. */
  readonly number?: Json;
  /** For an object within itself. */
  readonly cycle?: Json;
  /** `true`: keep members named `__proto__`. */
  readonly proto?: boolean;
}

/** Maximum depth. Deeper members are removed. */
const MAX_DEPTH = 16;
/** Maximum number of members, which limits the time of a copy. Further members are removed. */
const MAX_MEMBERS = 10_000;

/**
 * Copies a value to plain JSON, so that neither later changes nor values that JSON cannot express reach
 * an analytics library. A `BigInt` becomes a string, a `Date` ISO 8601, and `toJSON` is called. Values that
 * JSON cannot express (cycles, non-finite numbers, functions, symbols, members that throw when read) are
 * removed from objects, and become `null` in arrays. Never throws.
 *
 * @param membersOf - returns the object whose members are copied instead of an object's own.
 * @param substitutes - default: none.
 */
export function plainCopy(
  value: unknown,
  membersOf?: (value: object) => object,
  substitutes: Substitutes = {},
): PlainCopy {
  const copier = new Copier(membersOf, substitutes);
  const copy = copier.copy(value, "", 0);
  return { value: copy, removed: copier.removed };
}

/** Whether a JSON value is an object and not an array. */
export function isPlainObject(value: Json | undefined): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns a copy of an object as JSON. */
export function plainObject(value: object): PlainObject {
  const { value: copy } = plainCopy(value);
  return isPlainObject(copy) ? copy : {};
}

class Copier {
  removed = 0;
  #members = 0;
  /** The objects that contain the current one, at most `MAX_DEPTH`. */
  readonly #above: object[] = [];
  readonly #membersOf: ((value: object) => object) | undefined;
  readonly #substitutes: Substitutes;

  constructor(membersOf: ((value: object) => object) | undefined, substitutes: Substitutes) {
    this.#membersOf = membersOf;
    this.#substitutes = substitutes;
  }

  copy(value: unknown, key: string, depth: number): Json | undefined {
    try {
      return this.#copy(value, key, depth);
    } catch {
      return this.#remove(); // the caller's getter, `toJSON` or proxy threw
    }
  }

  #copy(value: unknown, key: string, depth: number): Json | undefined {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) ? value : this.#remove(this.#substitutes.number);
      case "bigint":
        return value.toString();
      case "object":
        return value === null ? null : this.#copyObject(value, key, depth);
      case "undefined":
        return undefined; // treated as absent instead of removed
      default:
        return this.#remove();
    }
  }

  #copyObject(value: object, key: string, depth: number): Json | undefined {
    if (value instanceof Date) {
      const isDate = !Number.isNaN(value.getTime());
      return isDate ? value.toISOString() : this.#remove(this.#substitutes.number);
    }
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return this.#copy(value.valueOf(), key, depth);
    }
    if (this.#above.includes(value)) return this.#remove(this.#substitutes.cycle);
    if (depth >= MAX_DEPTH) return this.#remove();
    this.#above.push(value);
    try {
      if ("toJSON" in value && typeof value.toJSON === "function") {
        return this.copy(value.toJSON(key), key, depth + 1);
      }
      return Array.isArray(value) ? this.#copyArray(value, depth) : this.#copyMembers(value, depth);
    } finally {
      this.#above.pop();
    }
  }

  #copyArray(values: readonly unknown[], depth: number): Json {
    const copies: Json[] = [];
    for (let i = 0; i < values.length && this.#mayHaveOneMore(); i++) {
      copies.push(this.#member(values, i, depth) ?? null);
    }
    return copies;
  }

  #copyMembers(given: object, depth: number): PlainObject {
    const value = this.#membersOf === undefined ? given : this.#membersOf(given);
    let copies: PlainObject = {};
    for (const key of Object.keys(value)) {
      // If the copy were merged into another object, this name would set that object's prototype.
      const isProto = key === "__proto__";
      if (isProto && !this.#substitutes.proto) this.#remove();
      else if (!this.#mayHaveOneMore()) break;
      else {
        const copy = this.#member(value, key, depth);
        if (copy === undefined) continue;
        if (isProto) copies = { ...copies, [key]: copy };
        else copies[key] = copy;
      }
    }
    return copies;
  }

  #member(owner: object, key: string | number, depth: number): Json | undefined {
    let value: unknown;
    try {
      value = (owner as Record<string | number, unknown>)[key]; // any object can be indexed
    } catch {
      return this.#remove();
    }
    if (typeof value === "string" || typeof value === "boolean") return value;
    return this.copy(value, String(key), depth + 1);
  }

  #mayHaveOneMore(): boolean {
    this.#members += 1;
    if (this.#members <= MAX_MEMBERS) return true;
    this.#remove();
    return false;
  }

  #remove(substitute?: Json): Json | undefined {
    this.removed += 1;
    return substitute;
  }
}
