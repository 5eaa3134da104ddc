import type { NamePattern } from "../exceptions/variables/patterns.js";

/** Values that a scope sets itself. When it is created, it inherits missing members from the surrounding scope. */
export interface ScopeValues {
  distinctId?: string | undefined;
  sessionId?: string | undefined;
  deviceId?: string | undefined;
  /** Whether local variables of errors are captured. */
  capturesVariables?: boolean | undefined;
  maskPatterns?: readonly NamePattern[] | undefined;
  ignorePatterns?: readonly NamePattern[] | undefined;
}

export interface ScopeOptions {
  /** Whether nothing is inherited from the surrounding scope. */
  readonly isFresh: boolean;
  /** When aborted, ends the scope and all nested scopes that are not fresh. */
  readonly signal?: AbortSignal | undefined;
}

/** A scope ends when its signal, or the signal of a surrounding scope, is aborted. */
interface Lifetime {
  readonly signal: AbortSignal;
  readonly outer: Lifetime | null;
}

/**
 * Tags and identities for everything that is captured in a function and the work it starts. A scope copies the values
 * of the surrounding scope instead of keeping a reference, because a program may nest scopes without limit.
 */
export class Scope {
  readonly #lifetime: Lifetime | null;
  /** Values of the surrounding scopes. */
  readonly #inherited: ScopeValues;
  readonly #values: ScopeValues;
  readonly #tags: Map<string, unknown>;
  /** Whether nothing is inherited from the surrounding scope. */
  readonly isFresh: boolean;
  /** Whether tags were passed to it, even an empty object. */
  readonly hasTags: boolean;

  /**
   * @param around - the scope in which this one is created, or `null`.
   * @param tags - take precedence over tags of the surrounding scope.
   */
  constructor(
    around: Scope | null,
    { isFresh, signal }: ScopeOptions,
    values: ScopeValues = {},
    tags?: Readonly<Record<string, unknown>> | null,
  ) {
    const outer = isFresh ? null : around;
    this.#lifetime = within(outer === null ? null : outer.#lifetime, signal);
    this.#inherited = outer === null ? {} : outer.#allValues();
    this.#values = { ...values };
    this.#tags = outer === null ? new Map() : new Map(outer.#tags);
    for (const name of Object.keys(tags ?? {})) this.#tags.set(name, tags?.[name]);
    this.isFresh = isFresh;
    this.hasTags = Boolean(tags);
  }

  /** Whether neither its own signal nor that of a surrounding scope was aborted. */
  get isActive(): boolean {
    for (let it = this.#lifetime; it !== null; it = it.outer) if (it.signal.aborted) return false;
    return true;
  }

  /** Returns the value of the innermost scope that has one. */
  read<Name extends keyof ScopeValues>(name: Name): ScopeValues[Name] {
    return this.#values[name] ?? this.#inherited[name];
  }

  /** Sets a value of this scope. Scopes that are later created in it inherit the value. */
  write<Name extends keyof ScopeValues>(name: Name, value: ScopeValues[Name]): void {
    this.#values[name] = value;
  }

  tag(name: string, value: unknown): void {
    this.#tags.set(name, value);
  }

  /** Returns all tags in a new object. */
  tags(): Record<string, unknown> {
    return Object.fromEntries(this.#tags);
  }

  #allValues(): ScopeValues {
    const all: Record<string, unknown> = { ...this.#inherited };
    // A loop without allocations, because a context is created for each request.
    for (const name in this.#values) {
      const value = this.#values[name as keyof ScopeValues]; // there are no other names
      if (value !== undefined && value !== null) all[name] = value;
    }
    return all;
  }
}

/** Adds a signal only once, even if it is passed several times. */
function within(outer: Lifetime | null, signal: AbortSignal | undefined): Lifetime | null {
  if (signal === undefined) return outer;
  for (let it = outer; it !== null; it = it.outer) if (it.signal === signal) return outer;
  return { signal, outer };
}
