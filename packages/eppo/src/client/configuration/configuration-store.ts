/** Variations by flag key, as `setOverrideStore` takes them. */
export interface ISyncStore<T> {
  /** The entry of this key. */
  get(key: string): T | null;
  /** All entries, by key. */
  entries(): Record<string, T>;
  /** All keys. */
  getKeys(): string[];
  /** Whether entries were ever set. */
  isInitialized(): boolean;
  /** Replaces all entries. */
  setEntries(entries: Record<string, T>): void;
}

/** Part of a configuration, as `setFlagConfigurationStore` and its like take it. What is in it is read and not written. */
export interface IConfigurationStore<T> {
  /** Not called. */
  init(): Promise<void>;
  /** The entry of this key. */
  get(key: string): T | null;
  /** All entries, by key. */
  entries(): Record<string, T>;
  /** All keys. */
  getKeys(): string[];
  /** Whether entries were ever set. */
  isInitialized(): boolean;
  /** Whether flags are fetched in place of those of the store. While it is false, requests stop. */
  isExpired(): Promise<boolean>;
  /** Not called. */
  setEntries(entries: Record<string, T>): Promise<boolean>;
  /** Not called. */
  setEnvironment(environment: { name: string }): void;
  /** Environment of the configuration. */
  getEnvironment(): { name: string } | null;
  /** When the configuration was fetched, ISO 8601. */
  getConfigFetchedAt(): string | null;
  /** Not called. */
  setConfigFetchedAt(configFetchedAt: string): void;
  /** When the configuration was published, ISO 8601. */
  getConfigPublishedAt(): string | null;
  /** Not called. */
  setConfigPublishedAt(configPublishedAt: string): void;
  /** Format of the configuration, `SERVER` or `CLIENT`. */
  getFormat(): string | null;
  /** Not called. */
  setFormat(format: string): void;
  salt?: string;
}
