import {
  type Clock,
  HttpStatusError,
  messageOf,
  type Payload,
  ProtocolError,
  type SortitionError,
  TimeoutError,
} from "@sortition/core/source";
import { openEventStream, type RouteOptions } from "@sortition/node/transport";
import { VERSION } from "../../version.js";
import type { FacadeLog } from "../logging.js";
import { openBy, type StreamEventSourceFactory } from "./event-source.js";
import type { Intake } from "./intake.js";
import type { Feed } from "./updates.js";

/** A connection without data for this long is taken for broken. */
const SILENCE_MS = 17_000;
/** A connection is replaced after a time between these. */
const MIN_LIFE_MS = 720_000;
const MAX_LIFE_MS = 1_080_000;
/** Pause before the stream is tried again while the client polls, and its spread per client. */
const RETRY_MS = 15_000;
const RETRY_SPREAD_MS = 2_000;
/** The longest time for the headers of a stream. */
const MAX_OPEN_MS = 600_000;
const MAX_EVENT_BYTES = 256 * 1_024 * 1_024;
const KEEP_ALIVE = " ";

/** What {@link StreamingUpdates} works with. */
export interface StreamingParts {
  readonly apiKey: string;
  readonly url: string;
  /** Deadline of the connection and of the first flags. */
  readonly timeoutMs: number;
  readonly route: RouteOptions;
  /** Opens streams in the place of this package. */
  readonly eventSource: StreamEventSourceFactory | undefined;
  readonly clock: Clock;
  readonly log: FacadeLog;
  readonly intake: Intake;
  /** Takes over while there is no stream. */
  readonly polling: Feed;
}

/** Receives flags as a stream of events, and polls while there is none. */
export class StreamingUpdates implements Feed {
  readonly #parts: StreamingParts;
  readonly #retryMs = RETRY_MS + Math.floor(Math.random() * RETRY_SPREAD_MS);
  #run: AbortController | null = null;
  /** The start that is under way. */
  #starting: Promise<void> | null = null;
  /** The connection by which a client that polls tries to return to the stream. */
  #retrying: Promise<void> | null = null;
  #stream: { close(): void } | null = null;
  #cancelRetry: () => void = () => {};
  #cancelLife: () => void = () => {};
  /** Updates are applied in the order in which they arrive. */
  #applying: Promise<void> = Promise.resolve();

  constructor(parts: StreamingParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    if (this.#run !== null && this.#parts.intake.isLoaded) return;
    this.#run ??= new AbortController();
    const { signal } = this.#run;
    this.#starting ??= this.#try(signal).finally(() => {
      if (!signal.aborted) this.#starting = null;
    });
    await this.#starting;
  }

  stop(): void {
    if (this.#run === null) return;
    this.#parts.log.debug("[Experiment] streamer - stop");
    this.#run.abort();
    this.#run = null;
    this.#starting = null;
    this.#retrying = null;
    this.#cancelRetry();
    this.#close();
    this.#parts.polling.stop();
  }

  /** Connects, or else polls. */
  async #try(signal: AbortSignal): Promise<void> {
    const { polling } = this.#parts;
    this.#cancelRetry();
    try {
      await (this.#retrying ?? this.#connect(signal, true));
      if (!signal.aborted) polling.stop();
    } catch (error) {
      if (signal.aborted) return;
      this.#note("start stream failed, fallback to poller", error);
      this.#armRetry(signal);
      await polling.start();
    }
  }

  #close(): void {
    this.#cancelLife();
    this.#stream?.close();
    this.#stream = null;
  }

  /**
   * Settles when the first flags were applied. Quirk: the library is named by the first connection and those
   * after its errors (amplitude).
   */
  #connect(signal: AbortSignal, namesLibrary: boolean, isReplacement = false): Promise<void> {
    const { apiKey, clock, eventSource, route, timeoutMs, url } = this.#parts;
    return new Promise((resolve, reject) => {
      let isReady = false;
      let isOver = false;
      const onStop = (): void => {
        end();
        resolve();
      };
      const end = (): void => {
        isOver = true;
        signal.removeEventListener("abort", onStop);
        cancelDeadline();
        cancelSilence();
        this.#close();
      };
      const fail = (error: SortitionError): void => {
        if (isOver) return;
        end();
        if (isReady) this.#lost(signal, error, namesLibrary);
        else reject(error);
      };
      const cancelDeadline = clock.setTimer(
        () => fail(new TimeoutError("request", timeoutMs)),
        timeoutMs,
        { holdsProcess: false },
      );
      signal.addEventListener("abort", onStop);
      let cancelSilence = (): void => {};
      // Quirk: neither comments nor other events count as signs of life (amplitude).
      const hear = (): void => {
        cancelSilence();
        const expire = (): void => fail(new TimeoutError("request", SILENCE_MS));
        cancelSilence = clock.setTimer(expire, SILENCE_MS, { holdsProcess: false });
      };
      const call: Parameters<typeof openBy>[1] = {
        url: `${url}/sdk/stream/v1/flags`,
        headers: {
          authorization: `Api-Key ${apiKey}`,
          ...(namesLibrary && !isReplacement
            ? { "x-amp-exp-library": `sortition-amplitude/${VERSION}` }
            : {}),
        },
        onError: ({ error }) => fail(error),
        onOpen: hear,
        onEvent: ({ data, type }) => {
          if (isOver || type !== "message" || data === "") return;
          hear();
          if (data === KEEP_ALIVE) return;
          cancelDeadline();
          this.#applying = this.#applying
            .then(() => this.#apply(data, signal))
            .then(
              () => {
                isReady = true;
                resolve();
              },
              () => fail(new ProtocolError("the stream has an event that is not a list of flags")),
            );
        },
      };
      const openTimeoutMs = Math.min(timeoutMs, MAX_OPEN_MS);
      const bounds = { openTimeoutMs, silenceMs: null, maxEventBytes: MAX_EVENT_BYTES };
      this.#stream = eventSource
        ? openBy(eventSource, call)
        : openEventStream({ ...route, ...call, url: new URL(call.url), clock, signal, ...bounds });
      this.#armLife(signal, () => {
        end();
        const replacing = this.#connect(signal, namesLibrary, true);
        replacing.catch((error) => this.#lost(signal, error, namesLibrary));
      });
    });
  }

  async #apply(data: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { clock, intake, log } = this.#parts;
    log.debug("[Experiment] streamer - receives updates");
    const flags: Payload = {
      part: "flags",
      bytes: new TextEncoder().encode(data),
      etag: null,
      fetchedAtMs: clock.now(),
      from: "network",
    };
    await intake.receive(flags);
  }

  /** A stream that worked is connected again once. */
  #lost(signal: AbortSignal, error: SortitionError, namesLibrary: boolean): void {
    if (signal.aborted) return;
    const isUnavailable = error instanceof HttpStatusError && error.httpStatus === 501;
    if (isUnavailable) this.#fallBack(signal, error);
    else this.#connect(signal, namesLibrary).catch((cause) => this.#fallBack(signal, cause));
  }

  #fallBack(signal: AbortSignal, error: unknown): void {
    if (signal.aborted) return;
    this.#note("onError, fallback to poller", error);
    this.#armRetry(signal);
    // What it fails with is logged, and it goes on.
    this.#parts.polling.start().catch(() => {});
  }

  #armRetry(signal: AbortSignal): void {
    const { clock, log, polling } = this.#parts;
    const retry = async (): Promise<void> => {
      log.debug("[Experiment] streamer - retry stream");
      try {
        this.#retrying = this.#connect(signal, false);
        await this.#retrying;
        if (!signal.aborted) polling.stop();
      } catch {
        if (!signal.aborted) this.#armRetry(signal);
      } finally {
        if (!signal.aborted) this.#retrying = null;
      }
    };
    this.#cancelRetry();
    this.#cancelRetry = clock.setTimer(() => void retry(), this.#retryMs, { holdsProcess: false });
  }

  #armLife(signal: AbortSignal, replace: () => void): void {
    const lifeMs = MIN_LIFE_MS + Math.floor(Math.random() * (MAX_LIFE_MS - MIN_LIFE_MS));
    this.#cancelLife();
    this.#cancelLife = this.#parts.clock.setTimer(
      () => {
        if (!signal.aborted) replace();
      },
      lifeMs,
      { holdsProcess: false },
    );
  }

  #note(what: string, error: unknown): void {
    this.#parts.log.debug(`[Experiment] streamer - ${what}`, messageOf(error));
  }
}
