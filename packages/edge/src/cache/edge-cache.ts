import { OptionError, requireMethods } from "@sortition/core/internal";

/** Where isolates share the vendor's answers: bytes by name. */
export interface EdgeCache {
  /** The bytes under a name; `null` or `undefined`: there are none. */
  get(name: string): Promise<ArrayBuffer | Uint8Array | null | undefined>;
  /** Stores bytes, for this time at least if the cache can. */
  put(name: string, bytes: Uint8Array, options: { readonly ttlMs: number }): Promise<unknown>;
  /**
   * How far `get` may be behind `put`, ms. A copy that is older than `maxAgeMs` by less is asked for again by one isolate
   * in sixteen only, since another one may have confirmed it. Default: 0.
   */
  readonly lagMs?: number;
}

export const KV_PROBLEM: string = "is a KV namespace: write kvCache(env.FLAGS)";

/**
 * Checks the option `cache`.
 *
 * @throws OptionError that says what to write around an object of the platform.
 */
export function checkCache(cache: unknown): void {
  // A namespace has both methods of a cache, with other arguments.
  if (isKvNamespace(cache)) throw new OptionError("cache", KV_PROBLEM);
  if (isWebCache(cache) || isCacheStorage(cache)) {
    throw new OptionError("cache", "is of the Cache API: write cacheApi(caches.default)");
  }
  requireMethods("cache", cache, ["get", "put"]);
}

export function isKvNamespace(value: unknown): boolean {
  return hasMethods(value, ["get", "put", "getWithMetadata"]);
}

export function isWebCache(value: unknown): boolean {
  return hasMethods(value, ["match", "put"]) && !hasMethods(value, ["get"]);
}

/** The global `caches`, which has caches by their names. */
export function isCacheStorage(value: unknown): boolean {
  return hasMethods(value, ["match", "open"]);
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  // An object of the platform: methods can only be looked up by name.
  return methods.every((it) => typeof (value as Record<string, unknown>)[it] === "function");
}
