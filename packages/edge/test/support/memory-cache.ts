import type { EdgeCache } from "../../src/index.js";

/** A cache in memory, with what it was asked. */
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
