/** Entries after which a table starts anew. What was handed out stays with those who have it. */
const MAX_ENTRIES = 1_024;
/** Longer texts are seldom the same, and the table keeps each. */
const MAX_LENGTH = 1_024;

/** What compiled flags of one configuration have in common, made once and never modified. */
export class Interned {
  #byText: Map<string, unknown> | null = null;

  /**
   * What `make` returned for equal JSON. Values that are not JSON are equal to none.
   *
   * @param kind - names what is made: results of different kinds are not mixed up.
   * @param raw - parsed JSON, the only thing on which the result depends.
   * @param isShared - whether a result may be shared: not if it names a path, for example.
   */
  of<T>(kind: string, raw: unknown, make: () => T, isShared: (made: T) => boolean = always): T {
    const text = textOf(kind, raw);
    if (text === null) return make();
    this.#byText ??= new Map();
    const known = this.#byText.get(text);
    if (known !== undefined) return known as T; // of the same kind
    const made = make();
    if (made === undefined || !isShared(made)) return made;
    if (this.#byText.size === MAX_ENTRIES) this.#byText.clear();
    this.#byText.set(text, made);
    return made;
  }

  /** The value itself, or an equal one of before. */
  json<T>(raw: T): T {
    return typeof raw === "object" && raw !== null ? this.of("", raw, () => raw) : raw;
  }
}

function always(): boolean {
  return true;
}

/** `null`: it is not to be shared. */
function textOf(kind: string, raw: unknown): string | null {
  try {
    if (!isPlain(raw)) return null;
    const text = JSON.stringify(raw);
    return text.length > MAX_LENGTH ? null : kind + text;
  } catch {
    return null; // nested too deep
  }
}

/** Whether a value is what its JSON says: callers may hand in anything else. */
function isPlain(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0); // whose JSON is that of 0
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
