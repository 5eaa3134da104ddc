import { OptionError, requireMethods } from "@sortition/core/internal";
import { type WebResponse, web } from "../origin/web.js";
import { type EdgeCache, isCacheStorage, isKvNamespace, KV_PROBLEM } from "./edge-cache.js";

/** The members that we use of the platform's `Cache`, such as `caches.default` on Workers. */
export interface WebCache {
  /** Returns the response stored for a URL, if it is still there. */
  match(url: string): Promise<Pick<WebResponse, "arrayBuffer"> | undefined>;
  /** Stores a response for a URL, for the time given by its `cache-control`. */
  put(url: string, response: never): Promise<void>;
}

/** This host cannot exist. */
const BASE_URL = "https://cache.sortition.invalid/";

/**
 * Stores configurations in the platform's cache. On Workers, each data centre has its own cache, a read takes a
 * millisecond, and writes are visible immediately.
 *
 * @throws OptionError if the value is not a cache, or the platform has no `Response`.
 */
export function cacheApi(cache: WebCache): EdgeCache {
  if (cache === undefined || cache === null) {
    throw new OptionError(
      "cache",
      "is missing, and may not exist on this platform: write cacheApi(caches.default)",
    );
  }
  if (isKvNamespace(cache)) throw new OptionError("cache", KV_PROBLEM);
  if (isCacheStorage(cache)) {
    throw new OptionError("cache", "is a CacheStorage: write cacheApi(caches.default)");
  }
  requireMethods("cache", cache, ["match", "put"], ": write cacheApi(caches.default)");
  const { Response } = web();
  if (Response === undefined) throw new OptionError("cache", "this platform has no Response");
  return {
    async get(name) {
      const response = await cache.match(`${BASE_URL}${name}`);
      return response?.arrayBuffer();
    },
    put(name, bytes, { ttlMs }) {
      const headers = { "cache-control": `max-age=${Math.ceil(ttlMs / 1_000)}` };
      // Each platform has its own type for responses. This one is created by the platform itself.
      return cache.put(`${BASE_URL}${name}`, new Response(bytes, { headers }) as never);
    },
  };
}
