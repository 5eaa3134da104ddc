import { OptionError, requireMethods } from "@sortition/core/internal";
import { type EdgeCache, isWebCache } from "./edge-cache.js";

/** The members that we use of a Workers KV namespace. */
export interface KvNamespace {
  /** Returns the value stored under a name, or `null`. */
  get(name: string, type: "arrayBuffer"): Promise<ArrayBuffer | null>;
  /** Writes a value, which expires after `expirationTtl` seconds. */
  put(name: string, value: Uint8Array, options: { expirationTtl: number }): Promise<void>;
}

/** A location caches what it reads, including misses, for this time, so isolates cannot share a lock in KV. */
const LAG_MS = 60_000;
/** The shortest expiration that KV accepts. */
const MIN_TTL_SECONDS = 60;

/**
 * Stores configurations in a KV namespace. A location caches what it reads for up to 60 s, so all of its isolates read
 * the same copy, even if a newer one was written. KV refuses more than one write per second and name.
 *
 * @throws OptionError if the value is not a KV namespace.
 */
export function kvCache(namespace: KvNamespace): EdgeCache;
export function kvCache(namespace: KvNamespace, ...others: readonly unknown[]): EdgeCache {
  if (others.length > 0) {
    const problem = "expected only the namespace: set maxAgeMs of edgeClient for the age of copies";
    throw new OptionError("kvCache()", problem);
  }
  if (namespace === undefined || namespace === null) {
    const problem =
      "is not bound: is the binding in wrangler.toml? Add a kv_namespaces entry, and pass it, such as kvCache(env.FLAGS)";
    throw new OptionError("namespace", problem);
  }
  if (isWebCache(namespace)) {
    throw new OptionError("namespace", "is a Cache: write cacheApi(caches.default)");
  }
  const advice =
    ": pass a KV namespace; for another store, write cache: { get, put } in edgeClient";
  requireMethods("namespace", namespace, ["get", "put"], advice);
  return {
    lagMs: LAG_MS,
    get: (name) => namespace.get(name, "arrayBuffer"),
    put: (name, bytes, { ttlMs }) => {
      const expirationTtl = Math.max(MIN_TTL_SECONDS, Math.ceil(ttlMs / 1_000));
      return namespace.put(name, bytes, { expirationTtl });
    },
  };
}
