import type { FeatureApiResponse } from "../../model/payload.js";
import { getPolyfills } from "../polyfills.js";
import { cacheSettings } from "./cache-settings.js";

/** A payload and until when it is fresh. */
export interface CacheEntry {
  readonly data: FeatureApiResponse;
  /** Whether its host offers a stream. */
  readonly sse: boolean;
  /** The payload's `dateUpdated`; empty without one. */
  readonly version: string;
  /** Epoch ms. */
  staleAtMs: number;
}

/** An entry as it is kept in a `localStorage`, in the vendor's format. */
interface StoredEntry {
  readonly data: FeatureApiResponse;
  readonly sse?: boolean;
  readonly version: string;
  readonly staleAt: string;
}

/** Payloads of the process, and optionally of a `localStorage` that outlives it. */
export class PayloadCache {
  readonly #entries = new Map<string, CacheEntry>();
  #isRestored = false;

  /** Reads the given `localStorage`, once. */
  async restore(): Promise<void> {
    const { localStorage } = getPolyfills();
    if (this.#isRestored) return;
    this.#isRestored = true;
    if (!localStorage) return;
    try {
      const text = await localStorage.getItem(cacheSettings.cacheKey);
      if (cacheSettings.disableCache || !text) return;
      // Written by `#persist`; anything else throws and is ignored.
      for (const [key, { staleAt, sse = false, ...entry }] of JSON.parse(text) as [
        string,
        StoredEntry,
      ][]) {
        this.#entries.set(key, { ...entry, sse, staleAtMs: Date.parse(staleAt) });
      }
      this.#evict();
    } catch {
      // A broken store is as good as an empty one.
    }
  }

  get(key: string): CacheEntry | undefined {
    return cacheSettings.disableCache ? undefined : this.#entries.get(key);
  }

  /** Stores a fetched payload. Returns whether it differs from the cached one. */
  put(key: string, data: FeatureApiResponse, sse: boolean): boolean {
    const version = data.dateUpdated || "";
    const staleAtMs = Date.now() + cacheSettings.staleTTL;
    const existing = this.get(key);
    const isNew = existing === undefined || version === "" || existing.version !== version;
    if (!isNew) existing.staleAtMs = staleAtMs;
    else if (!cacheSettings.disableCache) {
      this.#entries.set(key, { data, sse, version, staleAtMs });
      this.#evict();
    }
    void this.#persist();
    return isNew;
  }

  /** Makes the payloads of a host and key stale: each is requested again when it is used next. */
  expire(connectionKey: string): void {
    const nowMs = Date.now();
    for (const [key, entry] of this.#entries) {
      const isOfKey = key === connectionKey || key.startsWith(`${connectionKey}||`);
      if (isOfKey && entry.staleAtMs >= nowMs) entry.staleAtMs = nowMs - 1;
    }
  }

  async clear(): Promise<void> {
    this.#entries.clear();
    this.#isRestored = false;
    await this.#persist();
  }

  /** Removes entries beyond `maxEntries`, first those that are stale for longest. */
  #evict(): void {
    const tooMany = this.#entries.size - cacheSettings.maxEntries;
    if (tooMany <= 0) return;
    const byAge = [...this.#entries].sort(([, a], [, b]) => a.staleAtMs - b.staleAtMs);
    for (const [key] of byAge.slice(0, tooMany)) this.#entries.delete(key);
  }

  async #persist(): Promise<void> {
    const { localStorage } = getPolyfills();
    if (!localStorage) return;
    const entries = [...this.#entries].map(([key, { staleAtMs, ...entry }]) => [
      key,
      { ...entry, staleAt: new Date(staleAtMs) },
    ]);
    try {
      await localStorage.setItem(cacheSettings.cacheKey, JSON.stringify(entries));
    } catch {
      // The cache in memory goes on.
    }
  }
}
