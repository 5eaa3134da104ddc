import { ownValue } from "./own-value.js";

/** A thrown value as data: its type and text, its stack, and its underlying errors. */
export interface Thrown {
  readonly type: string;
  readonly value: string;
  /** The stack as text. `null` if there is none. */
  readonly stack: string | null;
  /** Whether the stack belongs to the capturing call, because the thrown value has none. */
  readonly isSynthetic: boolean;
  /** The thrown object, if it is one. Local variables are stored by object. */
  readonly object: object | null;
  readonly cause: Thrown | null;
  /** Members of an `AggregateError`. */
  readonly members: readonly Thrown[];
}

const MAX_EXCEPTIONS = 50;
const MAX_MEMBERS_READ = 1_000;
const MAX_PROTOTYPES = 100;
const MAX_KEYS_LENGTH = 40;
/** Matches a string such as `Uncaught TypeError: x is not a function`. */
const TYPE_IN_TEXT =
  /^(?:[Uu]ncaught (?:exception: )?)?(?:((?:Eval|Internal|Range|Reference|Syntax|Type|URI|)Error): )?(.*)$/i;

/**
 * Describes any thrown value as the vendor's SDK does. Never throws. A value that cannot be read is an `Unknown error`.
 *
 * @param callStack - the stack of the call, for values without a stack.
 */
export function describeThrown(thrown: unknown, callStack: string | null): Thrown {
  const description = new Description(callStack);
  return description.of(thrown, 0) ?? description.unknown(0);
}

/** A single description. Its errors are counted together, and each object is described once. */
class Description {
  readonly #callStack: string | null;
  readonly #seen = new Set<object>();
  #count = 0;
  #membersRead = 0;

  constructor(callStack: string | null) {
    this.#callStack = callStack;
  }

  /** Returns `null` if the value was already described or the limit is reached. */
  of(thrown: unknown, depth: number): Thrown | null {
    if (this.#count >= MAX_EXCEPTIONS) return null;
    this.#count += 1;
    const described = this.#once(thrown, depth);
    if (described === null) this.#count -= 1;
    return described;
  }

  #once(thrown: unknown, depth: number): Thrown | null {
    if (isObject(thrown)) {
      if (this.#seen.has(thrown)) return null;
      this.#seen.add(thrown);
    }
    try {
      const described = this.#described(thrown, depth);
      if (described === null) return null;
      return { ...described, members: this.#membersOf(thrown, depth) ?? described.members };
    } catch {
      return this.unknown(depth);
    }
  }

  unknown(depth: number): Thrown {
    return this.#synthetic("Error", "Unknown error", depth);
  }

  #described(thrown: unknown, depth: number): Thrown | null {
    if (isEvent(thrown)) {
      const { name } = thrown.constructor;
      return this.#synthetic(
        name,
        `${name} captured as exception with keys: ${keysOf(thrown)}`,
        depth,
      );
    }
    if (isError(thrown)) return this.#ofError(thrown, depth);
    if (typeof thrown === "object" && thrown !== null) {
      const inner = Object.values(thrown).find(isError);
      if (inner !== undefined) return this.#once(inner, depth);
      const own = this.#synthetic(typeOf(thrown), textOf(thrown), depth);
      return { ...own, object: thrown, stack: stackOf(thrown) ?? own.stack };
    }
    if (typeof thrown === "string") {
      const [, type, value] = TYPE_IN_TEXT.exec(thrown) ?? [];
      return this.#synthetic(type ?? "Error", value ?? thrown, depth);
    }
    return this.#synthetic(
      "Error",
      `Primitive value captured as exception: ${String(thrown)}`,
      depth,
    );
  }

  #ofError(error: Error, depth: number): Thrown {
    const stack = stackOf(error);
    const replacement = stack === null && depth === 0 ? this.#callStack : null;
    const { cause } = error;
    return {
      ...this.#synthetic(error.name || error.constructor.name, messageOf(error), depth),
      stack: stack ?? replacement,
      isSynthetic: replacement !== null,
      object: error,
      cause: cause ? this.of(cause, depth + 1) : null,
    };
  }

  /** The call's stack applies to the thrown value, but not to its underlying errors. */
  #synthetic(type: string, value: string, depth: number): Thrown {
    return {
      type,
      value,
      stack: depth === 0 ? this.#callStack : null,
      isSynthetic: true,
      object: null,
      cause: null,
      members: [],
    };
  }

  #membersOf(thrown: unknown, depth: number): readonly Thrown[] | null {
    const errors = aggregatedErrors(thrown);
    if (errors === null) return null;
    const members: Thrown[] = [];
    for (let i = 0; i < errors.length && this.#count < MAX_EXCEPTIONS; i++) {
      if (++this.#membersRead > MAX_MEMBERS_READ) break;
      const member = this.of(errors[i], depth + 1);
      if (member !== null) members.push(member);
    }
    return members;
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** Also recognises errors of other realms, which are not instances of our `Error`. */
function isError(value: unknown): value is Error {
  try {
    const tag = Object.prototype.toString.call(value);
    return tag === "[object Error]" || tag === "[object DOMException]" || value instanceof Error;
  } catch {
    return false;
  }
}

function isEvent(value: unknown): value is Event {
  try {
    return value instanceof Event;
  } catch {
    return false;
  }
}

function messageOf({ message }: { readonly message: unknown }): string {
  const inner = (message as { error?: { message?: unknown } } | null)?.error?.message;
  return String(typeof inner === "string" ? inner : message);
}

/** Returns the members of an `AggregateError`, including subclasses and other realms. */
function aggregatedErrors(value: unknown): readonly unknown[] | null {
  if (!isError(value)) return null;
  let prototype: object | null = Object.getPrototypeOf(value);
  for (let i = 0; prototype !== null && i < MAX_PROTOTYPES; i++) {
    const owner = ownValue(prototype, "constructor");
    if (typeof owner === "function" && owner.name === "AggregateError") {
      const { errors } = value as { readonly errors?: unknown };
      return Array.isArray(errors) ? errors : null;
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return null;
}

function stackOf(value: object): string | null {
  try {
    const { stacktrace, stack } = value as { stacktrace?: unknown; stack?: unknown };
    if (typeof stacktrace === "string" && stacktrace !== "") return stacktrace;
    return typeof stack === "string" && stack !== "" ? stack : null;
  } catch {
    return null;
  }
}

function typeOf(value: object): string {
  const { name } = value as { readonly name?: unknown };
  return typeof name === "string" && name.trim() !== "" ? name : "Error";
}

function textOf(value: object): string {
  const { name, message } = value as { readonly name?: unknown; readonly message?: unknown };
  const text = typeof message === "string" ? message : null;
  if (typeof name === "string") {
    const suffix = text === null ? "" : ` with message: '${text}'`;
    return `'${name}' captured as exception${suffix}`;
  }
  if (text !== null) return text;
  const className = classNameOf(value);
  const kind = className === "Object" ? className : `'${className}'`;
  return `${kind} captured as exception with keys: ${keysOf(value)}`;
}

function classNameOf(value: object): string {
  const prototype: { constructor: { name: string } } | null = Object.getPrototypeOf(value);
  return prototype?.constructor.name || "Object";
}

/** Lists the keys in order, up to the first key that exceeds the maximum length. */
function keysOf(value: object): string {
  const keys = Object.keys(value).sort();
  if (keys.length === 0) return "[object has no keys]";
  let text = "";
  for (const key of keys) {
    const next = text === "" ? key : `${text}, ${key}`;
    if (next.length > MAX_KEYS_LENGTH) break;
    text = next;
  }
  return text;
}
