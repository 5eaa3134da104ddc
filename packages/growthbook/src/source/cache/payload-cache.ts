import type { FeatureApiResponse } from "../../model/payload.js";
import { getPolyfills } from "../polyfills.js";
import { cacheSettings } from "./cache-settings.js";

/** A cached payload. Its times are wall-clock times, because an entry may outlive the process. */
export interface CacheEntry {
  readonly data: FeatureApiResponse;
  /** Whether the host offers a stream. */
  readonly sse: boolean;
  /** The payload's `dateUpdated`. Empty without one. */
  readonly version: string;
  /** When it becomes stale, epoch ms. */
  staleAtMs: number;
  /** When it was fetched, epoch ms. */
  fetchedAtMs: number;
}

/** An entry as stored in `localStorage`, in the vendor's format. */
interface StoredEntry {
  readonly data: FeatureApiResponse;
  readonly sse?: boolean;
  readonly version: string;
  readonly staleAt: string;
}

/** Backward clock adjustments up to this value are ignored. */
const MAX_SKEW_MS = 1_000;

/** Caches payloads in memory, and optionally in a `localStorage` that outlives the process. */
export class PayloadCache {
  readonly #entries = new Map<string, CacheEntry>();
  #isRestored = false;

  /** Reads the `localStorage` polyfill once, if there is one. */
  async restore(): Promise<void> {
    const { localStorage } = getPolyfills();
    if (this.#isRestored) return;
    this.#isRestored = true;
    if (!localStorage) return;
    try {
      const text = await localStorage.getItem(cacheSettings.cacheKey);
      if (cacheSettings.disableCache || !text) return;
      // `#persist` writes this format. Anything else throws and is ignored.
      for (const [key, { staleAt, sse = false, ...entry }] of JSON.parse(text) as [
        string,
        StoredEntry,
      ][]) {
        const staleAtMs = Date.parse(staleAt);
        const fetchedAtMs = staleAtMs - cacheSettings.staleTTL;
        this.#entries.set(key, { ...entry, sse, staleAtMs, fetchedAtMs });
      }
      this.#evict();
    } catch {
      // A broken store is treated as an empty one.
    }
  }

  get(key: string): CacheEntry | undefined {
    return cacheSettings.disableCache ? undefined : this.#entries.get(key);
  }

  /** Returns whether the clock was set back after an entry was fetched, so that its age is unknown. */
  isFromFuture({ fetchedAtMs }: CacheEntry, nowMs: number): boolean {
    return fetchedAtMs - MAX_SKEW_MS > nowMs;
  }

  /** Stores a fetched payload. Returns whether it differs from the cached one. */
  put(key: string, data: FeatureApiResponse, sse: boolean): boolean {
    const version = data.dateUpdated || "";
    const fetchedAtMs = Date.now();
    const staleAtMs = fetchedAtMs + cacheSettings.staleTTL;
    const existing = this.get(key);
    const isNew = existing === undefined || version === "" || existing.version !== version;
    if (!isNew) Object.assign(existing, { staleAtMs, fetchedAtMs });
    else if (!cacheSettings.disableCache) {
      this.#entries.set(key, { data, sse, version, staleAtMs, fetchedAtMs });
      this.#evict();
    }
    void this.#persist();
    return isNew;
  }

  /** Marks the payloads of a host and key as stale, so that the next use requests them again. */
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

  /** Removes the oldest entries if there are more than `maxEntries`. */
  #evict(): void {
    const tooMany = this.#entries.size - cacheSettings.maxEntries;
    if (tooMany <= 0) return;
    const byAge = [...this.#entries].sort(([, a], [, b]) => a.staleAtMs - b.staleAtMs);
    for (const [key] of byAge.slice(0, tooMany)) this.#entries.delete(key);
  }

  async #persist(): Promise<void> {
    const { localStorage } = getPolyfills();
    if (!localStorage) return;
    const entries = [...this.#entries].map(([key, { data, sse, staleAtMs, version }]) => [
      key,
      { data, sse, version, staleAt: new Date(staleAtMs) },
    ]);
    try {
      await localStorage.setItem(cacheSettings.cacheKey, JSON.stringify(entries));
    } catch {
      // The cache in memory is not affected.
    }
  }
}
