import { OptionError, requireMethods } from "@sortition/core/internal";
import { type WebResponse, web } from "../origin/web.js";
import { type EdgeCache, isCacheStorage, isKvNamespace, KV_PROBLEM } from "./edge-cache.js";

/** The part of a `Cache` of the platform that is used, such as `caches.default` of Workers. */
export interface WebCache {
  /** The response that was put for a URL, if it is still there. */
  match(url: string): Promise<Pick<WebResponse, "arrayBuffer"> | undefined>;
  /** Keeps a response for a URL, for the time that its `cache-control` says. */
  put(url: string, response: never): Promise<void>;
}

/** Nobody has this host. */
const BASE_URL = "https://cache.sortition.invalid/";

/**
 * Keeps configurations in a cache of the platform. That of Workers is of one data centre, is read in a millisecond, and
 * has what was put a moment ago.
 *
 * @throws OptionError if it is not a cache, or the platform has no `Response`.
 */
export function cacheApi(cache: WebCache): EdgeCache {
  if (cache === undefined || cache === null) {
    throw new OptionError("cache", "this platform has none: write cacheApi(caches.default)");
  }
  if (isKvNamespace(cache)) throw new OptionError("cache", KV_PROBLEM);
  if (isCacheStorage(cache)) {
    throw new OptionError("cache", "is the storage of caches: write cacheApi(caches.default)");
  }
  requireMethods("cache", cache, ["match", "put"]);
  const { Response } = web();
  if (Response === undefined) throw new OptionError("cache", "this platform has no Response");
  return {
    async get(name) {
      const response = await cache.match(`${BASE_URL}${name}`);
      return response?.arrayBuffer();
    },
    put(name, bytes, { ttlMs }) {
      const headers = { "cache-control": `max-age=${Math.ceil(ttlMs / 1_000)}` };
      // Typed by each platform, and made by this one.
      return cache.put(`${BASE_URL}${name}`, new Response(bytes, { headers }) as never);
    },
  };
}
