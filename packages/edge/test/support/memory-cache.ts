import type { EdgeCache } from "../../src/index.js";

/** Creates an in-memory cache that records its calls. */
export interface MemoryCache extends EdgeCache {
  readonly entries: Map<string, Uint8Array>;
  reads: number;
  writes: number;
}

export function createMemoryCache(): MemoryCache {
  const entries = new Map<string, Uint8Array>();
  return {
    entries,
    reads: 0,
    writes: 0,
    async get(name) {
      this.reads += 1;
      return entries.get(name) ?? null;
    },
    async put(name, bytes) {
      this.writes += 1;
      entries.set(name, bytes);
    },
  };
}
