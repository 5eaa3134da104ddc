import { cacheSettings } from "../../source/cache/cache-settings.js";
import { PayloadCache } from "../../source/cache/payload-cache.js";
import { Connection, type FollowOptions } from "../../source/connection.js";
import { destroyed, type FetchResponse } from "../../source/fetch-response.js";
import { hasOwnEventSource } from "../../source/helpers.js";
import { isInterval } from "../../source/polling.js";
import { cacheKeyOf, connectionKey, type PayloadUser } from "../../source/user.js";
import type { CacheSettings, InitOptions } from "../options.js";

/** Shared by all instances of the process, as in the vendor's SDK. */
const cache = new PayloadCache();
const connections = new Map<string, Connection>();
/** Whether the missing stream of a host was already reported. */
let isWarned = false;

/** How a payload is requested. */
export interface RefreshOptions {
  /** Maximum time until the caller gets a response, ms. The request continues. */
  readonly timeout?: number | undefined;
  readonly skipCache?: boolean | undefined;
  /** Whether a stale payload may be returned while it is refreshed in the background. */
  readonly allowStale: boolean;
  /** Returns whether the caller's instance was destroyed after the call. */
  readonly hasLeft?: () => boolean;
}

/** Loads a payload from the cache or the host. Never rejects. */
export async function refreshPayload(
  user: PayloadUser,
  { timeout, skipCache = false, allowStale, hasLeft = () => false }: RefreshOptions,
): Promise<FetchResponse> {
  const connection = connectionOf(user);
  const startMs = Date.now();
  await cache.restore();
  const entry = skipCache ? undefined : cache.get(cacheKeyOf(user));
  const { maxAge, staleTTL } = cacheSettings;
  const isFromFuture = entry !== undefined && cache.isFromFuture(entry, startMs);
  const isFresh = entry !== undefined && entry.staleAtMs > startMs && !isFromFuture;
  const isUsable = entry !== undefined && entry.staleAtMs > startMs - maxAge + staleTTL;
  if (!isUsable || !(allowStale || isFresh)) {
    if (!hasLeft()) return connection.fetch(user, timeout);
    connection.request(user);
    return destroyed();
  }
  if (entry.sse) connection.hasStream = true;
  if (entry.staleAtMs < startMs || isFromFuture) void connection.fetch(user);
  else connection.openStream(user, user.mayStream && hasOwnEventSource());
  return { data: entry.data, success: true, source: "cache" };
}

/** Keeps an instance up to date, according to the options of its `init`. Throws if there is no client key. */
export function startBackgroundSync(
  user: PayloadUser,
  options: Pick<InitOptions, "payload" | "streaming" | "pollingInterval">,
  onPayload: FollowOptions["onPayload"],
): void {
  const { payload, streaming = false, pollingInterval } = options;
  if (!streaming && pollingInterval === undefined) return;
  if (!user.getClientKey()) {
    throw new Error("Must specify clientKey to enable streaming or polling");
  }
  const connection = connectionOf(user);
  if (streaming && payload !== undefined) connection.hasStream = true;
  if (streaming && !connection.hasStream && !isWarned) {
    isWarned = true;
    user.warn(
      "Streaming is enabled, but not active: the API host did not report SSE support (missing `x-sse-support` response header), or did not answer. The payload is polled instead.",
    );
  }
  const isPolling = pollingInterval !== undefined && isInterval(pollingInterval);
  if (pollingInterval !== undefined && !isPolling) {
    user.warn(
      `Ignoring invalid pollingInterval (${pollingInterval}). Expected a finite number of milliseconds between 1 and 2147483647.`,
    );
  }
  if (!streaming && !isPolling) return;
  const pollingIntervalMs = isPolling ? pollingInterval : null;
  connection.follow(user, { isStreaming: streaming, pollingIntervalMs, onPayload });
}

/**
 * Stops updating an instance. When the last instance of a host and key leaves, polling ends immediately and the stream
 * a few seconds later.
 */
export function leaveRepository(user: PayloadUser): void {
  for (const connection of connections.values()) connection.leave(user);
}

/** Ends the streams and timers of all instances. */
function stopBackgroundSync(): void {
  isWarned = false;
  for (const connection of connections.values()) connection.stop();
}

/** Ends the streams and timers of all instances, and the requests that no instance is waiting for. */
export function destroyAllStreams(): void {
  stopBackgroundSync();
  for (const connection of connections.values()) connection.abandon();
}

/** Changes the cache settings of the whole process. */
export function configureCache(overrides: Partial<CacheSettings>): void {
  Object.assign(cacheSettings, overrides);
  if (!cacheSettings.backgroundSync) stopBackgroundSync();
}

/** Empties the cache, and ends all streams, timers, and requests that no instance is waiting for. */
export async function clearCache(): Promise<void> {
  isWarned = false;
  for (const connection of connections.values()) connection.close();
  connections.clear();
  await cache.clear();
}

function connectionOf(user: PayloadUser): Connection {
  const key = connectionKey(user);
  const existing = connections.get(key);
  if (existing !== undefined) return existing;
  const connection = new Connection(cache);
  connections.set(key, connection);
  return connection;
}
