import { createClock, serverOf } from "@sortition/core/internal";
import type { FeatureApiResponse } from "../model/payload.js";
import { cacheSettings } from "./cache/cache-settings.js";
import type { PayloadCache } from "./cache/payload-cache.js";
import { failureMessage } from "./failure-message.js";
import type { FetchResponse } from "./fetch-response.js";
import { Flight } from "./flight.js";
import { ForeignStream } from "./foreign-stream.js";
import { hasOwnEventSource, requestEvaluation, requestFeatures } from "./helpers.js";
import { maskedKey } from "./masked-key.js";
import { openStream, type StreamListener } from "./open-stream.js";
import { withoutPassword } from "./origin-of.js";
import { isInterval, startPolling } from "./polling.js";
import { type Reply, requestPayload } from "./reply.js";
import { cacheKeyOf, connectionKey, type PayloadUser } from "./user.js";

/** How an instance follows changes. */
export interface FollowOptions {
  readonly isStreaming: boolean;
  readonly pollingIntervalMs: number | null;
  /** Called with each new payload. Does not throw. */
  onPayload(payload: FeatureApiResponse): void;
}

/**
 * How long a stream stays open without instances. Applications with an instance per request use it for the next one.
 */
const LINGER_MS = 5_000;
/** Poll interval while the stream is down, if `staleTTL` is not a valid interval. */
const NET_MS = 60_000;
const SHORTEST_NET_MS = 10;
/** Time from the loss of a stream to a request, unless the stream is back. Native clients wait as long. */
const GIVE_UP_MS = 3_000;
const GIVE_UP_SPREAD_MS = 3_000;

/**
 * The requests in flight, the stream and the polling that instances of one host and key share. Polling runs only while
 * the stream is not open. It ends with the last instance, the stream a few seconds later, and requests when they are
 * answered.
 */
export class Connection {
  /** Whether a response from the host offered a stream. */
  hasStream = false;
  readonly #cache: PayloadCache;
  readonly #flights = new Map<string, Flight>();
  /** Cache keys whose payload changed during a request. */
  readonly #changedInFlight = new Set<string>();
  readonly #followers = new Map<PayloadUser, FollowOptions>();
  #endStream: (() => void) | null = null;
  /**
   * `open`: events are received. `down`: the stream was lost or could not be opened. `closed`: there is no stream, or
   * it has not been opened yet.
   */
  #streamState: "closed" | "open" | "down" = "closed";
  #endPolling: (() => void) | null = null;
  /** Cancels the request that follows the loss of a stream. */
  #cancelGiveUp = (): void => {};
  /** Cancels the pending end of a stream without instances. */
  #cancelLinger = (): void => {};
  /** Number of payloads received from the stream. */
  #pushes = 0;
  /** The last payload received from the stream. */
  #pushed: FeatureApiResponse | null = null;
  #isClosed = false;

  constructor(cache: PayloadCache) {
    this.#cache = cache;
  }

  /** Requests the payload, or joins a request in flight. Never rejects. */
  fetch(user: PayloadUser, timeoutMs?: number): Promise<FetchResponse> {
    return this.#flightOf(user).join(user, timeoutMs);
  }

  /** Requests the payload for the cache, unless a request is in flight. No instance waits for it. */
  request(user: PayloadUser): void {
    this.#flightOf(user);
  }

  /** Starts keeping an instance up to date. */
  follow(user: PayloadUser, options: FollowOptions): void {
    this.#cancelLinger();
    this.#followers.set(user, options);
    if (this.#streamState !== "open") this.#startPolling();
    this.openStream(user);
  }

  /** Opens the stream if the host offers one and an instance wants it. */
  openStream(user: PayloadUser, isWanted: boolean = this.#wantsStream()): void {
    if (this.#endStream !== null || this.#isClosed) return;
    if (!cacheSettings.backgroundSync || !this.hasStream || !isWanted) return;
    const { streamingHost: host, streamingHostRequestHeaders: headers } = user.getApiHosts();
    const call = { host, clientKey: user.getClientKey(), headers };
    const listener = this.#listenerFor(user, cacheKeyOf(user));
    const onUnusable = (reason: string): void =>
      user.warn(
        `the EventSource implementation threw an error (${reason}): the built-in stream is used. Remove it from setPolyfills`,
      );
    if (hasOwnEventSource()) {
      const stream = new ForeignStream(call, listener, onUnusable);
      this.#endStream = () => stream.close();
    } else {
      this.#endStream = openStream(call, listener);
    }
  }

  /** Stops updating an instance. Requests continue, because they fill the cache for the next one. */
  leave(user: PayloadUser): void {
    for (const flight of this.#flights.values()) flight.leave(user);
    if (!this.#followers.delete(user) || this.#followers.size > 0) return;
    this.#stopPolling();
    const linger = { holdsProcess: false };
    this.#cancelLinger = createClock().setTimer(() => this.#closeStream(), LINGER_MS, linger);
  }

  /** Ends the stream and the timers, and forgets all instances. Requests in flight continue. */
  stop(): void {
    this.hasStream = false;
    this.#followers.clear();
    this.#stopPolling();
    this.#closeStream();
  }

  /** Ends the requests that no instance is waiting for. */
  abandon(): void {
    for (const flight of this.#flights.values()) flight.abandon();
  }

  /** Ends everything permanently. Callers that wait for a request still get its result. */
  close(): void {
    this.#isClosed = true;
    this.stop();
    this.abandon();
  }

  #flightOf(user: PayloadUser): Flight {
    const cacheKey = cacheKeyOf(user);
    const known = this.#flights.get(cacheKey);
    if (known !== undefined) return known;
    const flight = new Flight((signal) => this.#request(user, cacheKey, signal));
    this.#flights.set(cacheKey, flight);
    void flight.outcome.then(() => this.#land(cacheKey));
    return flight;
  }

  /** Called when a request has ended. Requests again if the payload changed in the meantime. */
  #land(cacheKey: string): void {
    this.#flights.delete(cacheKey);
    if (!this.#changedInFlight.delete(cacheKey)) return;
    const follower = [...this.#followers.keys()].find((it) => cacheKeyOf(it) === cacheKey);
    if (follower !== undefined) this.#flightOf(follower);
  }

  async #request(user: PayloadUser, cacheKey: string, signal: AbortSignal): Promise<FetchResponse> {
    const { apiHost: host, apiRequestHeaders: headers } = user.getApiHosts();
    const call = { host, clientKey: user.getClientKey(), headers };
    const question = user.remoteQuestion();
    const pushes = this.#pushes;
    try {
      const reply = await requestPayload((ended) => {
        if (question === null) return requestFeatures(call, ended);
        const { cacheKeyAttributes: _, ...payload } = question;
        return requestEvaluation({ ...call, payload }, ended);
      }, signal);
      // A payload that the stream delivered during the request is newer than the response.
      const newer = pushes === this.#pushes || question !== null ? null : this.#pushed;
      return this.#accept(user, cacheKey, reply, newer);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      const reason = await failureMessage(error, call);
      const clientKey = maskedKey(call.clientKey);
      user.log("Error fetching features", {
        apiHost: withoutPassword(host),
        clientKey,
        error: reason,
      });
      if (!signal.aborted) user.warn(reason);
      return { data: null, source: "error", success: false, error };
    }
  }

  /** @param newer - replaces the response. `null` if the response is the newest payload. */
  #accept(
    user: PayloadUser,
    cacheKey: string,
    { body, hasStream }: Reply,
    newer: FeatureApiResponse | null,
  ): FetchResponse {
    // Quirk: JSON that is not an object is accepted as a payload without parts, except `null` (growthbook).
    if (body === null) throw new Error("The payload is not an object");
    if (hasStream) this.hasStream = true;
    // Each member is checked where it is used.
    const data = newer ?? (body as FeatureApiResponse);
    if (newer === null) this.#take(cacheKey, data);
    const [follower = user] = this.#followers.keys();
    this.openStream(follower, this.#wantsStream() || (user.mayStream && hasOwnEventSource()));
    return { data, success: true, source: "network" };
  }

  /** Caches a payload and passes it to the followers that use it. */
  #take(cacheKey: string, data: FeatureApiResponse): void {
    if (!this.#cache.put(cacheKey, data, this.hasStream)) return;
    for (const [follower, { onPayload }] of this.#followers) {
      // A remote evaluation is valid only for the user for whom it was requested.
      const isTheirs = follower.remoteQuestion() === null || cacheKeyOf(follower) === cacheKey;
      if (isTheirs) onPayload(data);
    }
  }

  #listenerFor(user: PayloadUser, cacheKey: string): StreamListener {
    const key = connectionKey(user);
    // Read now, because a destroyed instance returns other hosts.
    const host = serverOf(user.getApiHosts().streamingHost);
    // Losing an open stream is normal. A stream that never opens indicates a mistake.
    let wasOpen = false;
    const onChanged = (): void => {
      const inFlight = new Set(this.#flights.keys());
      for (const follower of this.#followers.keys()) {
        const followed = cacheKeyOf(follower);
        if (inFlight.has(followed)) this.#changedInFlight.add(followed);
        else this.#flightOf(follower);
      }
      // The next instance will request the payload.
      if (this.#followers.size === 0) this.#cache.expire(key);
    };
    return {
      onOpen: () => {
        wasOpen = true;
        const wasDown = this.#streamState === "down";
        this.#streamState = "open";
        this.#cancelGiveUp();
        this.#stopPolling();
        // The server may not repeat changes that happened while the stream was down.
        if (wasDown) onChanged();
      },
      onEvent: ({ data, type }) => {
        if (type === "features-updated") onChanged();
        if (type !== "features" || typeof data !== "string") return;
        // Parsed once for all followers.
        const payload = JSON.parse(data) as FeatureApiResponse;
        this.#take(cacheKey, payload);
        this.#pushed = payload;
        this.#pushes += 1;
      },
      onError: ({ error: { message }, state }) => {
        if (state === "open") {
          user.log("SSE Error", { error: `${host}: an event of the stream cannot be used` });
          return onChanged();
        }
        const reason = message.includes(host) ? message : `${host}: ${message}`;
        user.log("SSE Error", { error: reason });
        if (!wasOpen) {
          user.warn(
            `no stream (${reason}): is streamingHost, or apiHost, right? The payload is polled meanwhile`,
          );
        } else if (state === "closed") {
          user.warn(
            `the stream ended (${reason}): the payload is polled, and the stream is tried again after 5 minutes`,
          );
        }
        const wasLost = this.#streamState === "open";
        this.#streamState = "down";
        this.#startPolling();
        if (wasLost) {
          const delayMs = GIVE_UP_MS + GIVE_UP_SPREAD_MS * Math.random();
          this.#cancelGiveUp = createClock().setTimer(onChanged, delayMs, { holdsProcess: false });
        }
      },
    };
  }

  /** Requests the payload of each follower. Resolves to `null` or the first error. */
  async #poll(): Promise<Error | null> {
    const outcomes = [...this.#followers.keys()].map((it) => this.#flightOf(it).outcome);
    const failed = (await Promise.all(outcomes)).find(({ success }) => !success);
    return failed?.error ?? null;
  }

  #wantsStream(): boolean {
    return [...this.#followers.values()].some(({ isStreaming }) => isStreaming);
  }

  #startPolling(): void {
    if (this.#endPolling !== null || !cacheSettings.backgroundSync || this.#isClosed) return;
    const intervals = [...this.#followers.values()].flatMap((it) => it.pollingIntervalMs ?? []);
    const net = this.#wantsStream() ? netIntervalMs(cacheSettings.staleTTL) : null;
    const intervalMs = intervals[0] ?? net;
    if (intervalMs !== null) this.#endPolling = startPolling(intervalMs, () => this.#poll());
  }

  #stopPolling(): void {
    this.#endPolling?.();
    this.#endPolling = null;
  }

  #closeStream(): void {
    this.#cancelLinger();
    this.#cancelGiveUp();
    this.#endStream?.();
    this.#endStream = null;
    this.#streamState = "closed";
  }
}

/**
 * Falls back to a default for a `staleTTL` of 0, which makes each `init` send a request and would make polling never
 * pause.
 */
function netIntervalMs(staleTtlMs: number): number {
  return isInterval(staleTtlMs) && staleTtlMs >= SHORTEST_NET_MS ? staleTtlMs : NET_MS;
}
