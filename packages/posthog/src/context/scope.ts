import type { NamePattern } from "../exceptions/variables/patterns.js";

/** What a scope itself says. Absent members come from the scope around it. */
export interface ScopeValues {
  distinctId?: string | undefined;
  sessionId?: string | undefined;
  deviceId?: string | undefined;
  /** Whether local variables of errors are captured. */
  capturesVariables?: boolean | undefined;
  maskPatterns?: readonly NamePattern[] | undefined;
  ignorePatterns?: readonly NamePattern[] | undefined;
}

/** How a scope is made. */
export interface ScopeOptions {
  /** Whether nothing is read from the scope around it. */
  readonly isFresh: boolean;
  /** Ends the scope, and those within it that are not fresh, when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Tags and identities for everything that is captured within a function and what it starts. */
export class Scope {
  readonly #parent: Scope | null;
  readonly #signal: AbortSignal | undefined;
  readonly #values: ScopeValues;
  readonly #tags: Map<string, unknown>;
  /** Whether it was made without anything around it, and without tags. */
  readonly isBare: boolean;

  /**
   * @param around - the scope in which this one is made; `null` outside all.
   * @param tags - later ones of the same name win over those of the scope around.
   */
  constructor(
    around: Scope | null,
    { isFresh, signal }: ScopeOptions,
    values: ScopeValues = {},
    tags?: Readonly<Record<string, unknown>> | null,
  ) {
    this.#parent = isFresh ? null : around;
    this.#signal = signal;
    this.#values = { ...values };
    this.#tags = new Map(Object.entries(tags ?? {}));
    this.isBare = isFresh && !tags;
  }

  /** Whether neither its signal nor one of the scopes around it was aborted. */
  get isActive(): boolean {
    return this.#signal?.aborted !== true && (this.#parent?.isActive ?? true);
  }

  /** The value of the nearest scope that has one. */
  read<Name extends keyof ScopeValues>(name: Name): ScopeValues[Name] {
    return this.#values[name] ?? this.#parent?.read(name);
  }

  /** Sets a value of this scope, and so of those within it. */
  write<Name extends keyof ScopeValues>(name: Name, value: ScopeValues[Name]): void {
    this.#values[name] = value;
  }

  /** Adds a tag, or replaces one. */
  tag(name: string, value: unknown): void {
    this.#tags.set(name, value);
  }

  /** All tags, those of inner scopes over those of outer ones. A new object. */
  tags(): Record<string, unknown> {
    return Object.fromEntries(this.#allTags());
  }

  #allTags(): Map<string, unknown> {
    const all = this.#parent === null ? new Map<string, unknown>() : this.#parent.#allTags();
    for (const [name, value] of this.#tags) all.set(name, value);
    return all;
  }
}
