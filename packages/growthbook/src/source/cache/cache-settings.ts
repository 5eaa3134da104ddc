import type { CacheSettings } from "../../client/options.js";

/** Cache settings, shared by all instances of the process. */
export const cacheSettings: Required<CacheSettings> = {
  staleTTL: 60_000,
  maxAge: 4 * 3_600_000,
  cacheKey: "gbFeaturesCache",
  backgroundSync: true,
  maxEntries: 10,
  disableIdleStreams: false,
  idleStreamInterval: 20_000,
  disableCache: false,
  requestTimeout: 10_000,
  streamSilence: 60_000,
};
