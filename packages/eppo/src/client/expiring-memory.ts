import { type Clock, Deduplicator } from "@sortition/core/internal";
import { cacheSize, cacheTtlMs } from "./taken-values.js";

const DEFAULT_TTL_MS = 600_000;

/**
 * Remembers bandit actions for a limited time. Also supports tests that only move the wall clock,
 * which is what the vendor's cache reads.
 *
 * @param timeout - time since the last use, in ms. Default: 600,000.
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
