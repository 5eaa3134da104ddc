import { runAtOnce } from "@sortition/core/dialect";
import { bytesOf } from "@sortition/core/internal";
import { setMember } from "../../dialect/condition/member.js";
import {
  type AmplitudeConfiguration,
  isAmplitudeConfiguration,
} from "../../dialect/configuration.js";
import { amplitude } from "../../dialect/factory.js";
import { defineInner } from "../inner.js";

/** A flag as JSON. */
export type FlagConfig = Record<string, unknown>;

/** A store of flags. */
export interface FlagConfigCache {
  /**
   * Returns the flag for a key, or `undefined` if there is none, although the vendor's type does
   * not say so.
   */
  get(flagKey: string): Promise<FlagConfig>;
  /** Returns all flags by key. */
  getAll(): Promise<Record<string, FlagConfig>>;
  /** Adds or replaces a flag. */
  put(flagKey: string, flagConfig: FlagConfig): Promise<void>;
  /** Adds or replaces flags, by key. */
  putAll(flagConfigs: Record<string, FlagConfig>): Promise<void>;
  /** Removes a flag. */
  delete(flagKey: string): Promise<void>;
  /** Removes all flags. */
  clear(): Promise<void>;
}

/**
 * The flags of a local client. A write takes effect with the next evaluation, and is passed on to a
 * store. Flags are copied when they are written and read.
 */
export class InMemoryFlagConfigCache implements FlagConfigCache {
  declare private readonly inner: CacheInner;

  /**
   * @param store - receives all writes too.
   * @param flagConfigs - initial flags by key.
   */
  constructor(store?: FlagConfigCache | null, flagConfigs: Record<string, FlagConfig> = {}) {
    const edited = new Map(Object.entries(copied(flagConfigs)));
    const inner: CacheInner = {
      store: store ?? undefined,
      dialect: amplitude(),
      configuration: null,
      edited,
      renamed: null,
    };
    defineInner(this, inner);
  }

  /** Returns all flags by key. */
  getAllCached(): Record<string, FlagConfig> {
    const flags = {};
    for (const [key, flag] of flagsOf(this.inner)) setMember(flags, key, copied(flag));
    return flags;
  }

  async get(flagKey: string): Promise<FlagConfig> {
    // The vendor's type has no `undefined`; callers know that a flag may be missing.
    return copied(flagsOf(this.inner).get(`${flagKey}`) as FlagConfig);
  }

  async getAll(): Promise<Record<string, FlagConfig>> {
    return this.getAllCached();
  }

  async put(flagKey: string, flagConfig: FlagConfig): Promise<void> {
    // Keys become strings, because the vendor stores flags as members of an object.
    this.editable().set(`${flagKey}`, copied(flagConfig));
    await this.inner.store?.put(flagKey, flagConfig);
  }

  async putAll(flagConfigs: Record<string, FlagConfig>): Promise<void> {
    const flags = this.editable();
    for (const [key, flag] of Object.entries(flagConfigs ?? {})) {
      if (flag) flags.set(key, copied(flag));
    }
    await this.inner.store?.putAll(flagConfigs);
  }

  async delete(flagKey: string): Promise<void> {
    this.editable().delete(`${flagKey}`);
    await this.inner.store?.delete(flagKey);
  }

  async clear(): Promise<void> {
    this.inner.edited = new Map();
    await this.inner.store?.clear();
  }

  /**
   * The configuration of all flags, compiled on demand after writes.
   *
   * @internal
   */
  get configuration(): AmplitudeConfiguration {
    return compiledOf(this.inner);
  }

  /**
   * Whether a flag is stored under a key other than its own. Read {@link configuration} first.
   *
   * @internal
   */
  get isRenamed(): boolean {
    return this.inner.renamed !== null;
  }

  /**
   * Returns the flags' own keys for the keys they are stored under.
   *
   * @internal
   */
  keysInside(stored: readonly string[] | undefined): readonly string[] | undefined {
    const { renamed } = this.inner;
    if (renamed === null || !Array.isArray(stored)) return stored;
    return stored.flatMap((key: unknown) => {
      const flag = renamed.get(String(key));
      return flag === undefined ? [] : [keyOf(flag)];
    });
  }

  /**
   * @internal Returns the names without a flag, if flags are stored under names other than their
   * keys.
   */
  unknownNames(stored: readonly string[] | undefined): readonly string[] {
    const { renamed } = this.inner;
    if (renamed === null || !Array.isArray(stored)) return [];
    return stored.filter((key: unknown) => !renamed.has(String(key)));
  }

  /** @internal The number of flags. */
  get flagCount(): number {
    return this.inner.edited?.size ?? compiledOf(this.inner).flagKeys.size;
  }

  /**
   * Replaces all flags with those of a configuration.
   *
   * @param to - whether to write them to the store too.
   * @returns a promise that settles when the store has them, and rejects if the store fails.
   * @internal
   */
  async replace(
    configuration: AmplitudeConfiguration,
    to: { readonly isStored: boolean },
  ): Promise<void> {
    this.inner.configuration = configuration;
    this.inner.edited = null;
    this.inner.renamed = null;
    if (this.inner.store === undefined || !to.isStored) return;
    const flags = this.getAllCached();
    await this.inner.store.clear();
    await this.inner.store.putAll(flags);
  }

  /**
   * Reads the flags from the store.
   *
   * @param isWanted - called when they are available.
   * @returns whether there were any.
   * @internal
   */
  async readStore(isWanted: () => boolean): Promise<boolean> {
    const flags = (await this.inner.store?.getAll()) ?? {};
    const entries = Object.entries(flags);
    if (entries.length === 0 || !isWanted()) return false;
    this.inner.edited = new Map(entries.map(([key, flag]) => [key, copied(flag)]));
    return true;
  }

  private editable(): Map<string, FlagConfig> {
    const { inner } = this;
    inner.edited ??= new Map(flagsOf(inner));
    return inner.edited;
  }
}

/** Returns all flags, and compiles them if any were written. */
function compiledOf(inner: CacheInner): AmplitudeConfiguration {
  if (inner.edited === null && inner.configuration !== null) return inner.configuration;
  const entries = [...(inner.edited ?? [])].filter(([, flag]) => flag);
  // Quirk: results are named after the flags' own keys (amplitude).
  const flags = entries.map(([, flag]) => ({ ...flag, key: keyOf(flag) }));
  const isRenamed = entries.some(([key, flag]) => flag["key"] !== key);
  const former = inner.configuration;
  const bytes = bytesOf(JSON.stringify(flags));
  const part = { part: "flags", bytes, etag: null, fetchedAtMs: 0, from: "static" } as const;
  const cohorts = former?.payloads.filter((payload) => payload.part !== "flags") ?? [];
  const input = { payloads: [part, ...cohorts], prepared: null, former };
  // Compiled synchronously, because the caller's evaluation must see the flag that was just
  // written.
  const steps = inner.dialect.compileInSteps?.(input);
  const compiled = steps === undefined ? inner.dialect.compile(input) : runAtOnce(steps);
  if (!isAmplitudeConfiguration(compiled))
    throw new TypeError("a configuration of another dialect");
  inner.configuration = compiled;
  inner.edited = null;
  inner.renamed = isRenamed ? new Map(entries) : null;
  return compiled;
}

/** Returns the flags without compiling those that were written. */
function flagsOf(inner: CacheInner): ReadonlyMap<string, FlagConfig> {
  if (inner.edited !== null) return inner.edited;
  const { raw } = compiledOf(inner);
  if (inner.renamed !== null) return inner.renamed;
  const flags = new Map<string, FlagConfig>();
  for (const key of raw.keys) flags.set(key, raw.read(key, "$") as FlagConfig); // an object, because it has a key
  return flags;
}

function keyOf(flag: FlagConfig): string {
  return `${flag["key"]}`;
}

interface CacheInner {
  readonly store: FlagConfigCache | undefined;
  readonly dialect: ReturnType<typeof amplitude>;
  configuration: AmplitudeConfiguration | null;
  /** Flags written since the configuration was compiled. */
  edited: Map<string, FlagConfig> | null;
  /** The flags by the keys they were stored under. `null` if those are the flags' own keys. */
  renamed: ReadonlyMap<string, FlagConfig> | null;
}

/** Copies flags. jsdom, under which test suites run, has no `structuredClone`. */
function copied<T>(flags: T): T {
  if (typeof structuredClone === "function") return structuredClone(flags);
  return flags === undefined ? flags : JSON.parse(JSON.stringify(flags));
}
