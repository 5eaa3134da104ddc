import { createClock } from "@sortition/core/internal";
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
import { originOf } from "./origin-of.js";
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

/** How long a stream stays open without an instance: with an instance per request, the next one needs it. */
const LINGER_MS = 5_000;
/** Between two polls while the stream is down, if `staleTTL` is not an interval. */
const NET_MS = 60_000;
const SHORTEST_NET_MS = 10;

/**
 * What the instances of one host and key share: requests in flight, one stream, and polling while that is
 * not open. Polling ends with the last of them, the stream a little later, and requests when they are answered.
 */
export class Connection {
  /** Whether a response of the host offered a stream. */
  hasStream = false;
  readonly #cache: PayloadCache;
  readonly #flights = new Map<string, Flight>();
  /** Cache keys whose payload has changed while it was requested. */
  readonly #changedInFlight = new Set<string>();
  readonly #followers = new Map<PayloadUser, FollowOptions>();
  /** Ends the stream; `null`: there is none. */
  #endStream: (() => void) | null = null;
  /** `open`: its events arrive. `down`: they do not, since it was lost or could not open. `closed`: nothing is known. */
  #streamState: "closed" | "open" | "down" = "closed";
  /** `null`: there are no polls. */
  #endPolling: (() => void) | null = null;
  /** Cancels the end of a stream that no instance follows. */
  #cancelLinger = (): void => {};
  /** Number of payloads that the stream has brought. */
  #pushes = 0;
  /** The last of them. */
  #pushed: FeatureApiResponse | null = null;
  #isClosed = false;

  constructor(cache: PayloadCache) {
    this.#cache = cache;
  }

  /** Requests the payload, or joins a request for the same. Never rejects. */
  fetch(user: PayloadUser, timeoutMs?: number): Promise<FetchResponse> {
    return this.#flightOf(user).join(user, timeoutMs);
  }

  /** Requests the payload for the cache, unless it is being requested: no instance waits for it. */
  request(user: PayloadUser): void {
    this.#flightOf(user);
  }

  /** Keeps an instance up to date from now on. */
  follow(user: PayloadUser, options: FollowOptions): void {
    this.#cancelLinger();
    this.#followers.set(user, options);
    if (this.#streamState !== "open") this.#startPolling();
    this.openStream(user);
  }

  /** Opens the stream if the host has one and an instance wants it. */
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

  /** Lets go of an instance. Requests go on: they fill the cache for the next one. */
  leave(user: PayloadUser): void {
    for (const flight of this.#flights.values()) flight.leave(user);
    if (!this.#followers.delete(user) || this.#followers.size > 0) return;
    this.#stopPolling();
    const linger = { holdsProcess: false };
    this.#cancelLinger = createClock().setTimer(() => this.#closeStream(), LINGER_MS, linger);
  }

  /** Ends the stream and the timers, and forgets all instances. Requests in flight go on. */
  stop(): void {
    this.hasStream = false;
    this.#followers.clear();
    this.#stopPolling();
    this.#closeStream();
  }

  /** Ends the requests that no instance waits for. */
  abandon(): void {
    for (const flight of this.#flights.values()) flight.abandon();
  }

  /** Ends everything for good. Callers that wait for a request get its answer. */
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

  /** A request has ended. What has changed meanwhile may be missing in its answer. */
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
      // A payload that the stream brought meanwhile is newer than the answer.
      const newer = pushes === this.#pushes || question !== null ? null : this.#pushed;
      return this.#accept(user, cacheKey, reply, newer);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      const reason = await failureMessage(error, call);
      const clientKey = maskedKey(call.clientKey);
      user.log("Error fetching features", { apiHost: host, clientKey, error: reason });
      if (!signal.aborted) user.warn(reason);
      return { data: null, source: "error", success: false, error };
    }
  }

  /** @param newer - replaces the answer; `null`: the answer is the newest payload. */
  #accept(
    user: PayloadUser,
    cacheKey: string,
    { body, hasStream }: Reply,
    newer: FeatureApiResponse | null,
  ): FetchResponse {
    // Quirk: other JSON that is not an object is a payload without parts (growthbook).
    if (body === null) throw new Error("The payload is not an object");
    if (hasStream) this.hasStream = true;
    // Each member is checked where it is used.
    const data = newer ?? (body as FeatureApiResponse);
    if (newer === null) this.#take(cacheKey, data);
    const [follower = user] = this.#followers.keys();
    this.openStream(follower, this.#wantsStream() || (user.mayStream && hasOwnEventSource()));
    return { data, success: true, source: "network" };
  }

  /** Caches a payload, and gives it to the followers that requested it. */
  #take(cacheKey: string, data: FeatureApiResponse): void {
    if (!this.#cache.put(cacheKey, data, this.hasStream)) return;
    for (const [follower, { onPayload }] of this.#followers) {
      // A remote evaluation is valid only for the user it was requested for.
      const isTheirs = follower.remoteQuestion() === null || cacheKeyOf(follower) === cacheKey;
      if (isTheirs) onPayload(data);
    }
  }

  #listenerFor(user: PayloadUser, cacheKey: string): StreamListener {
    const key = connectionKey(user);
    // A destroyed instance has other hosts.
    const host = originOf(user.getApiHosts().streamingHost);
    // A stream that was open is lost now and then; one that never opens is a mistake.
    let wasOpen = false;
    const onChanged = (): void => {
      const inFlight = new Set(this.#flights.keys());
      for (const follower of this.#followers.keys()) {
        const followed = cacheKeyOf(follower);
        if (inFlight.has(followed)) this.#changedInFlight.add(followed);
        else this.#flightOf(follower);
      }
      // The next instance requests it.
      if (this.#followers.size === 0) this.#cache.expire(key);
    };
    return {
      onOpen: () => {
        wasOpen = true;
        const wasDown = this.#streamState === "down";
        this.#streamState = "open";
        this.#stopPolling();
        // What changed while it was down may not be repeated by the server.
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
        this.#streamState = "down";
        this.#startPolling();
      },
    };
  }

  /** Requests what each follower needs. Resolves to `null`, or to the first error. */
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
    this.#endStream?.();
    this.#endStream = null;
    this.#streamState = "closed";
  }
}

/** With a `staleTTL` of 0, which makes each `init` request, polling would never pause. */
function netIntervalMs(staleTtlMs: number): number {
  return isInterval(staleTtlMs) && staleTtlMs >= SHORTEST_NET_MS ? staleTtlMs : NET_MS;
}
