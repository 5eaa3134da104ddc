/** Variations by flag key, for `setOverrideStore`. */
export interface ISyncStore<T> {
  /** Returns the entry for this key. */
  get(key: string): T | null;
  /** Returns all entries by key. */
  entries(): Record<string, T>;
  /** Returns all keys. */
  getKeys(): string[];
  /** Whether entries were ever set. */
  isInitialized(): boolean;
  /** Replaces all entries. */
  setEntries(entries: Record<string, T>): void;
}

/**
 * Part of a configuration, for `setFlagConfigurationStore` and similar methods. The store is only
 * read, never written.
 */
export interface IConfigurationStore<T> {
  /** Not called. */
  init(): Promise<void>;
  /** Returns the entry for this key. */
  get(key: string): T | null;
  /** Returns all entries by key. */
  entries(): Record<string, T>;
  /** Returns all keys. */
  getKeys(): string[];
  /** Whether entries were ever set. */
  isInitialized(): boolean;
  /**
   * Whether to fetch flags instead of using the store's. While it is false, no requests are made.
   */
  isExpired(): Promise<boolean>;
  /** Not called. */
  setEntries(entries: Record<string, T>): Promise<boolean>;
  /** Not called. */
  setEnvironment(environment: { name: string }): void;
  /** Returns the environment of the configuration. */
  getEnvironment(): { name: string } | null;
  /** Returns when the configuration was fetched, ISO 8601. */
  getConfigFetchedAt(): string | null;
  /** Not called. */
  setConfigFetchedAt(configFetchedAt: string): void;
  /** Returns when the configuration was published, ISO 8601. */
  getConfigPublishedAt(): string | null;
  /** Not called. */
  setConfigPublishedAt(configPublishedAt: string): void;
  /** Returns the format of the configuration, `SERVER` or `CLIENT`. */
  getFormat(): string | null;
  /** Not called. */
  setFormat(format: string): void;
  salt?: string;
}
