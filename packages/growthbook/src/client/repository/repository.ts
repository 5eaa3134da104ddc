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
/** Whether a caller was warned that a host has no stream. */
let isWarned = false;

/** How a payload is requested. */
export interface RefreshOptions {
  /** Ms until the caller gets an answer; the request goes on. */
  readonly timeout?: number | undefined;
  readonly skipCache?: boolean | undefined;
  /** Whether a stale payload is good enough, while it is refreshed in the background. */
  readonly allowStale: boolean;
  /** Whether the caller's instance was destroyed since the call. */
  readonly hasLeft?: () => boolean;
}

/** Gets a payload from the cache or the host. Never rejects. */
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

/** Keeps an instance up to date, as the options of its `init` say. Throws without a client key. */
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

/** Stops updating an instance. The polls of a host and key end with their last instance, the stream a few seconds later. */
export function leaveRepository(user: PayloadUser): void {
  for (const connection of connections.values()) connection.leave(user);
}

/** Ends all streams and timers, of all instances. */
function stopBackgroundSync(): void {
  isWarned = false;
  for (const connection of connections.values()) connection.stop();
}

/** Ends all streams and timers, of all instances, and the requests that no instance waits for. */
export function destroyAllStreams(): void {
  stopBackgroundSync();
  for (const connection of connections.values()) connection.abandon();
}

/** Changes settings of the cache, for all instances of the process. */
export function configureCache(overrides: Partial<CacheSettings>): void {
  Object.assign(cacheSettings, overrides);
  if (!cacheSettings.backgroundSync) stopBackgroundSync();
}

/** Empties the cache, and ends all streams, timers, and requests that no instance waits for. */
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
