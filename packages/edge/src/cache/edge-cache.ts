import { OptionError, requireMethods } from "@sortition/core/internal";

/** A cache in which isolates share the vendor's configurations. Stores bytes by name. */
export interface EdgeCache {
  /** Returns the bytes stored under a name; `null` or `undefined` if there are none. */
  get(name: string): Promise<ArrayBuffer | Uint8Array | null | undefined>;
  /** Stores bytes, if possible for at least `ttlMs`. */
  put(name: string, bytes: Uint8Array, options: { readonly ttlMs: number }): Promise<unknown>;
  /**
   * Maximum delay until `get` sees a `put`, ms. A copy that exceeds `maxAgeMs` by less than this is revalidated by only
   * one check in sixteen, because another isolate may have confirmed it. Default: 0.
   */
  readonly lagMs?: number;
}

export const KV_PROBLEM: string = "is a KV namespace: write kvCache(env.FLAGS)";

/**
 * Checks the option `cache`.
 *
 * @throws OptionError if the value is not a cache. For a platform object, it names the function that wraps it.
 */
export function checkCache(cache: unknown): void {
  // A KV namespace has both methods of a cache, with different arguments.
  if (isKvNamespace(cache)) throw new OptionError("cache", KV_PROBLEM);
  if (isWebCache(cache) || isCacheStorage(cache)) {
    throw new OptionError("cache", "belongs to the Cache API: write cacheApi(caches.default)");
  }
  requireMethods("cache", cache, ["get", "put"], ": write kvCache(env.FLAGS), or { get, put }");
}

export function isKvNamespace(value: unknown): boolean {
  return hasMethods(value, ["get", "put", "getWithMetadata"]);
}

export function isWebCache(value: unknown): boolean {
  return hasMethods(value, ["match", "put"]) && !hasMethods(value, ["get"]);
}

/** Whether a value is the global `caches`, which holds caches by name. */
export function isCacheStorage(value: unknown): boolean {
  return hasMethods(value, ["open"]); // that of Workers has no `match`
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  // Platform objects have no common type, so look the methods up by name.
  return methods.every((it) => typeof (value as Record<string, unknown>)[it] === "function");
}
