/**
 * Copies a value for a caller that may modify it. The copy includes lists and plain objects, shared and circular
 * references. Any other value is returned as it is.
 */
export function freshValue(value: unknown): unknown {
  return typeof value !== "object" || value === null ? value : copied(value);
}

/** Does not recurse, because a payload may nest more deeply than the stack allows. */
function copied(value: object): unknown {
  const copies = new Copies();
  const root = copies.of(value);
  for (let i = 0; i < copies.count; i++) {
    const from = copies.from[i] as object; // i < count
    const to = copies.to[i] as object;
    for (const [key, member] of Object.entries(from)) {
      const copy = typeof member === "object" && member !== null ? copies.of(member) : member;
      if (key === "__proto__") {
        Object.defineProperty(to, key, {
          value: copy,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      } else (to as Record<string, unknown>)[key] = copy;
    }
  }
  return root;
}

/** Maximum number of objects for which searching a list is faster than a map. */
const FEW = 16;

/** Copies whose members are filled in later. */
class Copies {
  readonly from: object[] = [];
  readonly to: object[] = [];
  #indices: Map<object, number> | null = null;

  get count(): number {
    return this.from.length;
  }

  /** Returns the copy of a list or plain object, or any other object itself. */
  of(object: object): object {
    const known = this.#indexOf(object);
    if (known >= 0) return this.to[known] as object; // an index into both lists
    const copy = emptyLike(object);
    if (copy === object) return object;
    this.#indices?.set(object, this.count);
    this.from.push(object);
    this.to.push(copy);
    return copy;
  }

  #indexOf(object: object): number {
    if (this.count <= FEW) return this.from.indexOf(object);
    this.#indices ??= new Map(this.from.map((it, i) => [it, i]));
    return this.#indices.get(object) ?? -1;
  }
}

function emptyLike(value: object): object {
  if (Array.isArray(value)) return [];
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? {} : value;
}
