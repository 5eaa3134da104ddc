import {
  type Clock,
  type ConfigurationOrigin,
  type FollowListener,
  HttpStatusError,
  SILENT_DIAGNOSTICS,
  type SortitionError,
  serverOf,
} from "@sortition/core/internal";
import {
  type LostStream,
  type OpenReason,
  type RouteOptions,
  type StreamLink,
  type StreamPlan,
  thrownFailure,
} from "@sortition/node/internal";
import type { ClientLog } from "../../messages/logging.js";
import { LIBRARY, openStream, STREAM_PATH } from "../../source/open-stream.js";
import { notAList, RETRY_MS, RETRY_SPREAD_MS, streamedFlags } from "../../source/stream-plan.js";
import { openBy, type StreamEventSourceFactory } from "./event-source.js";

export interface StreamParts {
  readonly apiKey: string;
  readonly url: string;
  /** Deadline for the first flags of a connection. */
  readonly timeoutMs: number;
  readonly route: RouteOptions;
  readonly maxEventBytes: number;
  readonly eventSource: StreamEventSourceFactory | undefined;
  readonly clock: Clock;
  readonly log: ClientLog;
  /** Origin of requests while the stream is down. */
  readonly polled: ConfigurationOrigin;
}

/** Listener of a {@link FlagStream}. */
export interface StreamFollower extends Pick<FollowListener, "changed"> {
  /** Called when a connection failed and there is none until the next try. */
  failed(error: SortitionError, why: OpenReason): void;
}

/** The stream of flags, with the vendor's pace and headers. */
export class FlagStream {
  /** Origin of the flags, which returns the stream's flags while it is up. */
  readonly origin: ConfigurationOrigin;
  readonly #parts: StreamParts;
  readonly #retryMs = RETRY_MS + Math.floor(Math.random() * RETRY_SPREAD_MS);
  #follower: StreamFollower | null = null;
  #unfollow: () => void = () => {};
  #link: StreamLink | null = null;
  #why: OpenReason = "start";
  /** Whether flags of this connection, or of the one it replaces, are being served. */
  #isServed = false;
  #namesLibrary = true;

  constructor(parts: StreamParts) {
    const { clock, polled, timeoutMs, url } = parts;
    this.#parts = parts;
    this.origin = streamedFlags(polled, {
      server: serverOf(url, "the server"),
      readyMs: timeoutMs,
      now: clock.now,
      received: () => parts.log.debug("[Experiment] streamer - receives updates"),
      open: (link, { why }) => this.#open(link, why),
      reopenMs: (lost) => this.#reopenMs(lost),
    });
  }

  get isUp(): boolean {
    return this.origin.stream?.isUp ?? false;
  }

  /** Reconnects, on behalf of this follower. */
  follow(follower: StreamFollower): void {
    const { clock } = this.#parts;
    const { origin } = this;
    this.end();
    this.#follower = follower;
    const { changed } = follower;
    const listener: FollowListener = { up() {}, down() {}, changed };
    // The log lines are the vendor's.
    const ports = { clock, random: () => Math.random(), diagnostics: SILENT_DIAGNOSTICS };
    this.#unfollow = origin.follow?.(listener, ports) ?? (() => {});
  }

  end(): void {
    this.#unfollow();
  }

  served(): void {
    this.#isServed = true;
  }

  /** Drops the connection, because the flags it delivered are unusable. */
  refuse(): void {
    this.#link?.ended(thrownFailure(notAList(serverOf(this.#parts.url, "the server"))));
  }

  #open(link: StreamLink, why: OpenReason): ReturnType<StreamPlan["open"]> {
    const { apiKey, clock, eventSource, log, maxEventBytes, route, timeoutMs, url } = this.#parts;
    if (why === "retry") log.debug("[Experiment] streamer - retry stream");
    this.#link = link;
    this.#why = why;
    if (why !== "replace") this.#isServed = false;
    // Quirk: the library is named by the first connection and by those made immediately after its
    // errors (amplitude).
    if (why === "start" || why === "retry") this.#namesLibrary = why === "start";
    const isNamed = this.#namesLibrary && why !== "replace";
    const headers = { authorization: `Api-Key ${apiKey}`, ...(isNamed ? LIBRARY : {}) };
    const address = `${url}${STREAM_PATH}`;
    if (eventSource) return openBy(eventSource, { url: address, headers, link });
    const bounds = { timeoutMs, maxEventBytes };
    return openStream(link, { ...route, ...bounds, url: new URL(address), headers, clock });
  }

  /**
   * Quirk: a stream that worked is reconnected immediately, however often, unless the server has
   * none (amplitude).
   */
  #reopenMs({ failure: { error }, wasUp }: LostStream): number {
    const isUnavailable = error instanceof HttpStatusError && error.httpStatus === 501;
    if (wasUp && this.#isServed && !isUnavailable) return 0;
    this.#follower?.failed(error, this.#why);
    return this.#retryMs;
  }
}
