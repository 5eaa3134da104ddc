import {
  type Clock,
  type FetchResult,
  HttpStatusError,
  messageOf,
  type Payload,
  ProtocolError,
  type SortitionError,
  TimeoutError,
} from "@sortition/core/source";
import { type EventStream, openEventStream, type RouteOptions } from "@sortition/node/transport";
import type { Looks } from "../../origin/look.js";
import { VERSION } from "../../version.js";
import type { FacadeLog } from "../logging.js";
import { reportWarnings } from "./polling-updates.js";
import type { UpdateSink, Updates } from "./updates.js";

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
  readonly clock: Clock;
  readonly log: FacadeLog;
  readonly sink: UpdateSink;
  /** Adds cohorts to flags. */
  readonly looks: Looks;
  /** How often the cohorts of unchanged flags are looked at; `null`: never. */
  readonly cohortIntervalMs: number | null;
  /** Takes over while there is no stream. */
  readonly polling: Updates;
}

/** Receives flags as a stream of events, and polls while there is none. */
export class StreamingUpdates implements Updates {
  readonly #parts: StreamingParts;
  readonly #retryMs = RETRY_MS + Math.floor(Math.random() * RETRY_SPREAD_MS);
  #run: AbortController | null = null;
  #stream: EventStream | null = null;
  #cancelRetry: () => void = () => {};
  #cancelLife: () => void = () => {};
  #cancelCohorts: () => void = () => {};
  /** Updates are applied in the order in which they arrive. */
  #applying: Promise<void> = Promise.resolve();

  constructor(parts: StreamingParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    if (this.#run !== null) return;
    const run = new AbortController();
    this.#run = run;
    this.#armCohorts(run.signal);
    try {
      await this.#connect(run.signal, true);
    } catch (error) {
      if (run.signal.aborted) return;
      this.#note("start stream failed, fallback to poller", error);
      this.#armRetry(run.signal);
      await this.#parts.polling.start();
    }
  }

  stop(): void {
    if (this.#run === null) return;
    this.#parts.log.debug("[Experiment] streamer - stop");
    this.#run.abort();
    this.#run = null;
    this.#cancelRetry();
    this.#cancelCohorts();
    this.#close();
    this.#parts.polling.stop();
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
    const { apiKey, clock, route, timeoutMs, url } = this.#parts;
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
      const stream = openEventStream({
        ...route,
        url: new URL(`${url}/sdk/stream/v1/flags`),
        headers: {
          authorization: `Api-Key ${apiKey}`,
          ...(namesLibrary && !isReplacement
            ? { "x-amp-exp-library": `sortition-amplitude/${VERSION}` }
            : {}),
        },
        clock,
        signal,
        openTimeoutMs: Math.min(timeoutMs, MAX_OPEN_MS),
        silenceMs: null,
        maxEventBytes: MAX_EVENT_BYTES,
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
      });
      this.#stream = stream;
      this.#armLife(signal, () => {
        end();
        const replacing = this.#connect(signal, namesLibrary, true);
        replacing.catch((error) => this.#lost(signal, error, namesLibrary));
      });
    });
  }

  async #apply(data: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { clock, log, looks, sink } = this.#parts;
    log.debug("[Experiment] streamer - receives updates");
    const flags: Payload = {
      part: "flags",
      bytes: new TextEncoder().encode(data),
      etag: null,
      fetchedAtMs: clock.now(),
      from: "network",
    };
    await this.#take(looks.complete(flags, sink.current, signal), signal);
  }

  async #take(look: Promise<FetchResult>, signal: AbortSignal): Promise<void> {
    const { log, sink } = this.#parts;
    const result = await look;
    if (signal.aborted || result.kind !== "payloads") return;
    reportWarnings(result.warnings ?? [], log);
    await sink.apply(result.payloads);
    sink.confirmed();
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
        await this.#connect(signal, false);
        if (!signal.aborted) polling.stop();
      } catch {
        if (!signal.aborted) this.#armRetry(signal);
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

  #armCohorts(signal: AbortSignal): void {
    const { clock, cohortIntervalMs, looks, sink } = this.#parts;
    if (cohortIntervalMs === null) return;
    const refresh = (): Promise<void> =>
      this.#take(looks.refreshCohorts(sink.current, signal), signal);
    const look = async (): Promise<void> => {
      if (this.#stream !== null) {
        this.#applying = this.#applying.then(refresh).catch(() => {});
        await this.#applying;
      }
      if (!signal.aborted) this.#armCohorts(signal);
    };
    this.#cancelCohorts = clock.setTimer(() => void look(), cohortIntervalMs, {
      holdsProcess: false,
    });
  }

  #note(what: string, error: unknown): void {
    this.#parts.log.debug(`[Experiment] streamer - ${what}`, messageOf(error));
  }
}
