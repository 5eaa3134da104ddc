import type { NamePattern } from "../exceptions/variables/patterns.js";

/** Values that a scope sets itself. The scope inherits absent members from the surrounding scope when it is made. */
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
  /** Whether nothing is read from the scope around it. */
  readonly isFresh: boolean;
  /** Ends the scope, and those within it that are not fresh, when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** What ends a scope: the abort of this signal, or of one of those around it. */
interface Lifetime {
  readonly signal: AbortSignal;
  readonly outer: Lifetime | null;
}

/**
 * Tags and identities for everything that is captured within a function and what it starts. A scope takes over what the
 * scope around it has, and does not keep that one: a program may make one in another without end.
 */
export class Scope {
  readonly #lifetime: Lifetime | null;
  /** Of the scopes around it. */
  readonly #inherited: ScopeValues;
  readonly #values: ScopeValues;
  readonly #tags: Map<string, unknown>;
  /** Whether nothing is read from the scope around it. */
  readonly isFresh: boolean;
  /** Whether it was made with tags, be they none. */
  readonly hasTags: boolean;

  /**
   * @param around - the scope in which this one is made; `null` outside all.
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

  /** Whether neither its signal nor one of the scopes around it was aborted. */
  get isActive(): boolean {
    for (let it = this.#lifetime; it !== null; it = it.outer) if (it.signal.aborted) return false;
    return true;
  }

  /** The value of the nearest scope that had one. */
  read<Name extends keyof ScopeValues>(name: Name): ScopeValues[Name] {
    return this.#values[name] ?? this.#inherited[name];
  }

  /** Sets a value of this scope. Scopes that are made in it later inherit the value. */
  write<Name extends keyof ScopeValues>(name: Name, value: ScopeValues[Name]): void {
    this.#values[name] = value;
  }

  /** Adds a tag, or replaces one. */
  tag(name: string, value: unknown): void {
    this.#tags.set(name, value);
  }

  /** All tags. A new object. */
  tags(): Record<string, unknown> {
    return Object.fromEntries(this.#tags);
  }

  #allValues(): ScopeValues {
    const all: Record<string, unknown> = { ...this.#inherited };
    // Loops that allocate nothing: a context is made for each request.
    for (const name in this.#values) {
      const value = this.#values[name as keyof ScopeValues]; // it has no other names
      if (value !== undefined && value !== null) all[name] = value;
    }
    return all;
  }
}

/** A signal is kept once, however often it is given. */
function within(outer: Lifetime | null, signal: AbortSignal | undefined): Lifetime | null {
  if (signal === undefined) return outer;
  for (let it = outer; it !== null; it = it.outer) if (it.signal === signal) return outer;
  return { signal, outer };
}
