import { type Clock, Deduplicator } from "@sortition/core/internal";
import { cacheSize, cacheTtlMs } from "./taken-values.js";

const DEFAULT_TTL_MS = 600_000;

/**
 * Remembers choices of bandits for a time. Tests of programs may move the wall clock alone, which the vendor's cache reads.
 *
 * @param timeout - ms since the last use. Default: 600 000.
 * @returns `false` if nothing is ever remembered.
 */
export function expiringMemory(
  clock: Clock,
  maxSize: unknown,
  timeout?: unknown,
): Deduplicator | false {
  const ttlMs = cacheTtlMs(timeout, DEFAULT_TTL_MS);
  return ttlMs !== null && new Deduplicator({ max: cacheSize(maxSize), ttlMs }, clock);
}
