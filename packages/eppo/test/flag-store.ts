import type { Flag, IConfigurationStore } from "../src/index.js";

type Store = IConfigurationStore<Flag>;

/**
 * The user's own store, which a client may write to.
 *
 * @param body - the body of a server's response.
 */
export function flagStore(body: object, isExpired: boolean): Store {
  const content = structuredClone(body) as {
    createdAt?: string;
    environment?: { name: string };
    flags?: Record<string, Flag>;
  };
  let entries = content.flags ?? {};
  let environment = content.environment ?? null;
  let format: string | null = "SERVER";
  let fetchedAt: string | null = "2026-01-01T00:00:00.000Z";
  let publishedAt = content.createdAt ?? null;
  return {
    init: async () => {},
    get: (key) => entries[key] ?? null,
    entries: () => entries,
    getKeys: () => Object.keys(entries),
    setEntries: async (given) => {
      entries = given;
      return true;
    },
    isInitialized: () => true,
    isExpired: async () => isExpired,
    getFormat: () => format,
    setFormat: (given) => {
      format = given;
    },
    getEnvironment: () => environment,
    setEnvironment: (given) => {
      environment = given;
    },
    getConfigFetchedAt: () => fetchedAt,
    setConfigFetchedAt: (given) => {
      fetchedAt = given;
    },
    getConfigPublishedAt: () => publishedAt,
    setConfigPublishedAt: (given) => {
      publishedAt = given;
    },
  };
}
