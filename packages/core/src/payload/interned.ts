/** Maximum number of entries. A full table is cleared, and its objects remain in use where they are. */
const MAX_ENTRIES = 1_024;
/** Maximum length of a key. Longer strings are rarely equal, and the table would keep each of them. */
const MAX_LENGTH = 1_024;

/** Objects that compiled flags of one configuration share. They are created once and never modified. */
export class Interned {
  #byText: Map<string, unknown> | null = null;

  /**
   * Returns the result of `make` for equal JSON. Values that are not JSON are not equal to any other.
   *
   * @param kind - the kind of result. Results of different kinds are kept apart.
   * @param raw - parsed JSON, on which alone the result depends.
   * @param isShared - whether a result may be shared. False, for example, if it contains a path.
   */
  of<T>(kind: string, raw: unknown, make: () => T, isShared: (made: T) => boolean = always): T {
    const text = textOf(kind, raw);
    if (text === null) return make();
    this.#byText ??= new Map();
    const known = this.#byText.get(text);
    if (known !== undefined) return known as T; // it has the same kind
    const made = make();
    if (made === undefined || !isShared(made)) return made;
    if (this.#byText.size === MAX_ENTRIES) this.#byText.clear();
    this.#byText.set(text, made);
    return made;
  }

  /** Returns the value itself, or an equal value seen before. */
  json<T>(raw: T): T {
    return typeof raw === "object" && raw !== null ? this.of("", raw, () => raw) : raw;
  }
}

function always(): boolean {
  return true;
}

/** Returns the key of a value. `null`: it must not be shared. */
function textOf(kind: string, raw: unknown): string | null {
  try {
    if (!isPlain(raw)) return null;
    const text = JSON.stringify(raw);
    return text.length > MAX_LENGTH ? null : kind + text;
  } catch {
    return null; // it is nested too deeply
  }
}

/** Whether a value equals its JSON, because callers may pass any value. */
function isPlain(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0); // the JSON of -0 is that of 0
    case "object":
      if (value === null) return true;
      if (Array.isArray(value)) return value.every(isPlain) && !value.includes(undefined);
      if (Object.getPrototypeOf(value) !== Object.prototype) return false;
      for (const name in value) {
        if (!isPlain((value as Readonly<Record<string, unknown>>)[name])) return false;
      }
      return true;
    default:
      return false;
  }
}
