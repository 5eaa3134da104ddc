import type { DeduplicationPolicy } from "@sortition/core";
import { UsageError } from "../../errors.js";

/** The accepted values of `--dedupe`, for messages. */
export const DEDUPE_FORMS = "none, non-expiring, lru:SIZE or expiring:SIZE:TTL_MS";

/**
 * Reads the value of `--dedupe`; `null`: no cache.
 *
 * @throws UsageError that names the option.
 */
export function parseDedupe(option: string, text: string): DeduplicationPolicy | null {
  const [kind, size, ttl, ...more] = text.split(":");
  if (more.length === 0) {
    const max = wholeNumber(size);
    const ttlMs = wholeNumber(ttl);
    if (kind === "none" && size === undefined) return null;
    if (kind === "non-expiring" && size === undefined) return { max: Number.POSITIVE_INFINITY };
    if (kind === "lru" && max !== null && ttl === undefined) return { max };
    if (kind === "expiring" && max !== null && ttlMs !== null && ttlMs > 0) return { max, ttlMs };
  }
  throw new UsageError(
    `${option}: expected ${DEDUPE_FORMS} (SIZE: an integer, 0 or more; TTL_MS: an integer, 1 or more), got ${JSON.stringify(text)}`,
  );
}

function wholeNumber(text: string | undefined): number | null {
  if (text === undefined || !/^\d+$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}
