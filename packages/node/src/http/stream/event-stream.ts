import {
  CallbackError,
  draw,
  HttpStatusError,
  NetworkError,
  ProtocolError,
  retryAfterMs,
  type SortitionError,
  serverFaultHint,
} from "@sortition/core/internal";
import { withAbortDeadline } from "../abort-deadline.js";
import { discardBody } from "../body.js";
import { thrownFailure, transportError } from "../failure.js";
import { retryDelayMs } from "../retry-delay.js";
import { firstHeader, type StreamedResponse, sendFollowing } from "../senders/sender.js";
import { EventParser } from "./event-parser.js";
import {
  type CheckedStreamOptions,
  checkedStreamOptions,
  type EventStreamOptions,
  type EventStreamState,
  MAX_TIMEOUT_MS,
} from "./event-stream-options.js";
import { SilenceWatchdog } from "./silence-watchdog.js";
import { streamStatusFailure } from "./stream-status.js";

/** A stream that follows a server until it is closed. */
export interface EventStream {
  readonly state: EventStreamState;
  /** The id that the next connection would resume from. Empty if the server sent none. */
  readonly lastEventId: string;
  /** Ends the connection in the same turn. No callback runs afterwards. */
  close(): void;
}

/**
 * Opens a stream of server-sent events (`text/event-stream`) and keeps it open. If a connection
 * ends, breaks, stays silent for too long or cannot be established, the stream reconnects after a
 * delay with jitter and sends the `last-event-id`.
 *
 * The stream closes on its own only if the server says so (204) or refuses (a 4xx other than 400,
 * 408, 425 and 429, a redirect to another server, another content type or encoding), or if an event
 * exceeds `maxEventBytes`. `onError` then reports the state `closed`.
 *
 * Neither its connection nor its timers keep the process alive.
 *
 * ```ts
 * const stream = openEventStream({
 *   url: new URL("https://flags.example/stream"),
 *   headers: { authorization: "Bearer …" },
 *   onEvent: ({ type, data }) => type === "flags" && update(JSON.parse(data)),
 *   onError: ({ error, nextAttemptInMs }) => console.warn(error.message, nextAttemptInMs),
 * });
 * stream.close();
 * ```
 *
 * @throws OptionError if an option is unknown or invalid.
 * @see docs/spec/lifecycle.md §1.6
 */
export function openEventStream(options: EventStreamOptions): EventStream {
  return new ReconnectingStream(checkedStreamOptions(options));
}

/** Why a connection ended, and whether to reconnect. */
interface End {
  readonly error: SortitionError;
  readonly isFinal: boolean;
  readonly retryAfterMs: number | null;
}

class ReconnectingStream implements EventStream {
  readonly #options: CheckedStreamOptions;
  readonly #controller = new AbortController();
  readonly #onOuterAbort = (): void => this.close();
  #state: EventStreamState = "connecting";
  #lastEventId: string;
  #retryMs: number;
  /** Consecutive connections on which nothing was received. */
  #failures = 0;
  #cancelTimer: () => void = () => {};

  constructor(options: CheckedStreamOptions) {
    this.#options = options;
    this.#lastEventId = options.lastEventId ?? "";
    this.#retryMs = options.retryMs;
    options.signal?.addEventListener("abort", this.#onOuterAbort);
    if (options.signal?.aborted) this.close();
    else void this.#connect();
  }

  get state(): EventStreamState {
    return this.#state;
  }

  get lastEventId(): string {
    return this.#lastEventId;
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#cancelTimer();
    this.#options.signal?.removeEventListener("abort", this.#onOuterAbort);
    this.#controller.abort();
    this.#options.sender.release();
  }

  async #connect(): Promise<void> {
    this.#state = "connecting";
    const { route, url } = this.#options;
    const end = await this.#follow().catch((cause) => {
      const hasBegun = this.#state === "open";
      return endOf(transportError(cause, url, { what: "answer", option: null, route, hasBegun }));
    });
    if (this.#controller.signal.aborted) return;
    this.#options.sender.release();
    if (end.isFinal) {
      this.close();
      this.#report(end.error, null);
      return;
    }
    this.#failures += 1;
    const { clock, random, maxRetryMs } = this.#options;
    const lost = { failures: this.#failures, retryMs: this.#retryMs, maxRetryMs };
    const delayMs = retryDelayMs({ ...lost, retryAfterMs: end.retryAfterMs }, draw(random));
    const nextAttemptInMs = Math.round(delayMs);
    this.#state = "waiting";
    // Set before the failure is reported, because `onError` may close the stream, which cancels the
    // timer.
    this.#cancelTimer = clock.setTimer(() => void this.#connect(), nextAttemptInMs, {
      holdsProcess: false,
    });
    this.#report(end.error, nextAttemptInMs);
  }

  /** Opens one connection and reads it to its end. */
  async #follow(): Promise<End> {
    const { clock, openTimeoutMs: timeoutMs, sender, url } = this.#options;
    const { signal } = this.#controller;
    const headers = this.#headers();
    const hint = `no answer from ${url.origin}`;
    const response = await withAbortDeadline({ clock, timeoutMs, signal, hint }, (ended) =>
      sendFollowing(sender, { url, headers, signal: ended }),
    );
    try {
      const refusal = refusalOf(response, url.origin, clock.now());
      if (refusal !== null) return refusal;
      signal.throwIfAborted();
      this.#state = "open";
      this.#call(() => this.#options.callbacks.onOpen?.());
      await this.#read(response);
      return endOf(new NetworkError(`the event stream of ${url.origin} ended`, null));
    } finally {
      discardBody(response.body);
    }
  }

  #headers(): Readonly<Record<string, string>> {
    const own = { accept: "text/event-stream", "accept-encoding": "identity" };
    const id = this.#options.lastEventId === null ? null : headerValue(this.#lastEventId);
    const resume = id === null ? {} : { "last-event-id": id };
    return { "cache-control": "no-cache", ...this.#options.headers, ...own, ...resume };
  }

  /**
   * Resolves at the end of the body.
   *
   * @throws the error that broke the connection, or a NetworkError if it was silent for too long.
   */
  async #read({ body }: StreamedResponse): Promise<void> {
    const { clock, maxEventBytes, silenceMs, url } = this.#options;
    const { signal } = this.#controller;
    const server = url.origin;
    const parser = new EventParser({
      maxEventBytes,
      server,
      lastEventId: this.#lastEventId,
      onEvent: (event) => this.#call(() => this.#options.callbacks.onEvent(event)),
      onRetry: (retryMs) => {
        this.#retryMs = Math.min(retryMs, MAX_TIMEOUT_MS);
      },
    });
    const end = (error: Error): void => void body.destroy(error);
    const watchdog =
      silenceMs === null ? null : new SilenceWatchdog(clock, { silenceMs, server }, end);
    const onClose = (): void => end(new NetworkError("the event stream was closed", null));
    signal.addEventListener("abort", onClose);
    try {
      if (signal.aborted) return;
      await new Promise<void>((resolve, reject) => {
        body.once("end", resolve);
        body.once("error", reject);
        body.on("data", (chunk: Uint8Array) => {
          this.#failures = 0;
          watchdog?.reset();
          this.#call(() => this.#options.callbacks.onAlive?.());
          try {
            parser.push(chunk);
          } catch (error) {
            end(error as Error); // a ProtocolError of the parser
          }
          this.#lastEventId = parser.lastEventId;
        });
      });
    } finally {
      watchdog?.stop();
      signal.removeEventListener("abort", onClose);
    }
  }

  /** Runs a callback, unless a previous one closed the stream. */
  #call(callback: () => void): void {
    const { signal } = this.#controller;
    if (signal.aborted) return;
    try {
      callback();
    } catch (cause) {
      const error = new CallbackError(
        "SORTITION_LISTENER",
        "a callback of the stream threw",
        cause,
      );
      if (!signal.aborted) this.#report(error, null);
    }
  }

  #report(error: SortitionError, nextAttemptInMs: number | null): void {
    try {
      this.#options.callbacks.onError?.({ error, state: this.#state, nextAttemptInMs });
    } catch {
      // There is nowhere left to report the error.
    }
  }
}

/** Returns the reason why a response is not an event stream, or `null` if it is one. */
function refusalOf(response: StreamedResponse, server: string, nowMs: number): End | null {
  const { statusCode: status } = response;
  const answered = `${server} answered with status ${status}${serverFaultHint(status)}`;
  if (status === 204) {
    const error = new HttpStatusError(status, null, answered);
    return { error, isFinal: true, retryAfterMs: null };
  }
  if (status !== 200) {
    const retryAfter = firstHeader(response, "retry-after");
    const date = firstHeader(response, "date");
    const delayMs = retryAfterMs({ retryAfter, date, nowMs });
    const failure = streamStatusFailure(status, delayMs, answered);
    const { error } = failure;
    return { error, isFinal: failure.kind !== "transient", retryAfterMs: failure.retryAfterMs };
  }
  const type = firstHeader(response, "content-type") ?? "";
  if (!/^\s*text\/event-stream\s*(;|$)/i.test(type)) {
    return endOf(new ProtocolError(`the answer of ${server} is not an event stream`));
  }
  const encoding = firstHeader(response, "content-encoding") ?? "identity";
  if (encoding.trim().toLowerCase() !== "identity") {
    const problem = `the answer of ${server} has an encoding that was not requested`;
    return endOf(new ProtocolError(problem));
  }
  return null;
}

function endOf(cause: unknown): End {
  const { error, kind } = thrownFailure(cause);
  return { error, isFinal: kind !== "transient", retryAfterMs: null };
}

/**
 * Returns an id as a header value (its UTF-8 as bytes), or `null` if it is empty or has control
 * characters.
 */
function headerValue(id: string): string | null {
  const bytes = Buffer.from(id).toString("latin1");
  return /^[\t\x20-\x7e\x80-\xff]+$/.test(bytes) ? bytes : null;
}
