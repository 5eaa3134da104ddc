import { runAtOnce } from "@sortition/core/dialect";
import { type AmplitudeConfiguration, isAmplitude } from "../../dialect/configuration.js";
import { amplitude } from "../../dialect/dialect.js";
import { setMember } from "../../dialect/member.js";

/** A flag as JSON. */
export type FlagConfig = Record<string, unknown>;

/** A store of flags. */
export interface FlagConfigCache {
  /** The flag of a key; `undefined` if there is none. */
  get(flagKey: string): Promise<FlagConfig | undefined>;
  /** All flags, by key. */
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
 * The flags of a local client. What is written is seen by the next evaluation, and passed on to a store.
 * Flags are copied in and out.
 */
export class InMemoryFlagConfigCache implements FlagConfigCache {
  readonly #store: FlagConfigCache | undefined;
  readonly #dialect = amplitude();
  #configuration: AmplitudeConfiguration | null = null;
  /** Flags that were written since the configuration was compiled. */
  #edited: Map<string, FlagConfig> | null;

  /**
   * @param store - everything that is written is written to it, too.
   * @param flagConfigs - flags at the beginning, by key.
   */
  constructor(store?: FlagConfigCache | null, flagConfigs: Record<string, FlagConfig> = {}) {
    this.#store = store ?? undefined;
    this.#edited = new Map(Object.entries(structuredClone(flagConfigs)));
  }

  /** All flags by key. */
  getAllCached(): Record<string, FlagConfig> {
    const flags = {};
    for (const [key, flag] of this.#flags()) setMember(flags, key, structuredClone(flag));
    return flags;
  }

  async get(flagKey: string): Promise<FlagConfig | undefined> {
    return structuredClone(this.#flags().get(flagKey));
  }

  async getAll(): Promise<Record<string, FlagConfig>> {
    return this.getAllCached();
  }

  async put(flagKey: string, flagConfig: FlagConfig): Promise<void> {
    this.#edit().set(flagKey, structuredClone(flagConfig));
    await this.#store?.put(flagKey, flagConfig);
  }

  async putAll(flagConfigs: Record<string, FlagConfig>): Promise<void> {
    const flags = this.#edit();
    for (const [key, flag] of Object.entries(flagConfigs)) {
      if (flag) flags.set(key, structuredClone(flag));
    }
    await this.#store?.putAll(flagConfigs);
  }

  async delete(flagKey: string): Promise<void> {
    this.#edit().delete(flagKey);
    await this.#store?.delete(flagKey);
  }

  async clear(): Promise<void> {
    this.#edited = new Map();
    await this.#store?.clear();
  }

  /**
   * The configuration of all flags, compiled when they were written.
   *
   * @internal
   */
  get configuration(): AmplitudeConfiguration {
    if (this.#edited === null && this.#configuration !== null) return this.#configuration;
    const flags = [...(this.#edited ?? [])].map(([key, flag]) => ({ ...flag, key }));
    const former = this.#configuration;
    const bytes = new TextEncoder().encode(JSON.stringify(flags));
    const part = { part: "flags", bytes, etag: null, fetchedAtMs: 0, from: "static" } as const;
    const cohorts = former?.payloads.filter((payload) => payload.part !== "flags") ?? [];
    const input = { payloads: [part, ...cohorts], prepared: null, former };
    // Compiled by the caller's evaluation: it must see the flag that was just written.
    const steps = this.#dialect.compileInSteps?.(input);
    const compiled = steps === undefined ? this.#dialect.compile(input) : runAtOnce(steps);
    if (!isAmplitude(compiled)) throw new TypeError("a configuration of another dialect");
    this.#configuration = compiled;
    this.#edited = null;
    return compiled;
  }

  /** @internal Number of flags. */
  get flagCount(): number {
    return this.#edited?.size ?? this.configuration.flagKeys.size;
  }

  /**
   * Replaces all flags by those of a configuration.
   *
   * @param to - whether the store gets them, too.
   * @returns settles when the store has them; rejects with what the store throws.
   * @internal
   */
  async replace(
    configuration: AmplitudeConfiguration,
    to: { readonly isStored: boolean },
  ): Promise<void> {
    this.#configuration = configuration;
    this.#edited = null;
    if (this.#store === undefined || !to.isStored) return;
    const flags = this.getAllCached();
    await this.#store.clear();
    await this.#store.putAll(flags);
  }

  /**
   * Reads the flags of the store.
   *
   * @param isWanted - asked when they are there.
   * @returns whether there were any.
   * @internal
   */
  async readStore(isWanted: () => boolean): Promise<boolean> {
    const flags = (await this.#store?.getAll()) ?? {};
    const entries = Object.entries(flags);
    if (entries.length === 0 || !isWanted()) return false;
    this.#edited = new Map(entries.map(([key, flag]) => [key, structuredClone(flag)]));
    return true;
  }

  #edit(): Map<string, FlagConfig> {
    this.#edited ??= new Map(this.#flags());
    return this.#edited;
  }

  #flags(): ReadonlyMap<string, FlagConfig> {
    if (this.#edited !== null) return this.#edited;
    const { raw } = this.configuration;
    const flags = new Map<string, FlagConfig>();
    for (const key of raw.keys) flags.set(key, raw.read(key, "$") as FlagConfig); // an object with a key
    return flags;
  }
}
