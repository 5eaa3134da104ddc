import { messageOf } from "@sortition/core/source";
import type { EventStream } from "@sortition/node/transport";
import { guarded } from "../reports.js";
import { cacheSettings } from "./cache-settings.js";
import { type EventSourceCompat, type HelperCall, hasOwnEventSource, helpers } from "./helpers.js";

/** Who receives what a stream tells. */
export interface StreamListener {
  /** The stream is open: its events arrive. */
  onOpen(): void;
  /** A new payload, as text. A throw counts as a failure of the stream. */
  onPayload(text: string): void;
  /** The payload has changed and is to be requested. */
  onChanged(): void;
  /** No events arrive until the next `onOpen`. */
  onDown(reason: string): void;
  /** The user's `EventSource` is not a constructor; our own stream takes its place. */
  onUnusable(reason: string): void;
}

/** A stream of payload changes. */
export interface PayloadStream {
  close(): void;
}

/** Opens a stream: by the user's `EventSource` if there is one, else our own. */
export function openPayloadStream(call: HelperCall, listener: StreamListener): PayloadStream {
  return hasOwnEventSource() ? new ForeignStream(call, listener) : new OwnStream(call, listener);
}

function dispatch(listener: StreamListener, type: string, data: unknown): void {
  if (type === "features-updated") listener.onChanged();
  else if (type === "features" && typeof data === "string") listener.onPayload(data);
}

type OpenEventStream = typeof import("@sortition/node/transport").openEventStream;

let loaded: OpenEventStream | null = null;

async function load(): Promise<OpenEventStream> {
  loaded ??= (await import("@sortition/node/transport")).openEventStream;
  return loaded;
}

/** Loads undici while the first payload is on its way: the first stream is then opened at once, as the others. */
export function prepareStream(): void {
  // A failure is told when the stream is opened.
  if (loaded === null && !hasOwnEventSource()) load().catch(() => {});
}

/** Server-sent events over undici. Reconnects by itself. */
class OwnStream implements PayloadStream {
  readonly #controller = new AbortController();

  constructor(call: HelperCall, listener: StreamListener) {
    const open = (it: OpenEventStream): void => this.#open(it, call, listener);
    guarded(
      () => (loaded === null ? load().then(open) : open(loaded)),
      (cause) => {
        if (!this.#controller.signal.aborted) listener.onDown(messageOf(cause));
      },
    );
  }

  close(): void {
    this.#controller.abort();
  }

  #open(
    openEventStream: OpenEventStream,
    { host, clientKey, headers }: HelperCall,
    listener: StreamListener,
  ): void {
    const url = new URL(`${host}/sub/${clientKey}`);
    const { signal } = this.#controller;
    if (signal.aborted) return;
    const stream: EventStream = openEventStream({
      url,
      headers: lowerCased(headers),
      silenceMs: cacheSettings.streamSilence,
      signal,
      onOpen: () => listener.onOpen(),
      onEvent: ({ type, data }) => dispatch(listener, type, data),
      onError: ({ error, state }) => {
        // `open`: an event could not be used, and the stream goes on.
        if (state !== "open") listener.onDown(error.message);
        else listener.onChanged();
      },
    });
    if (signal.aborted) stream.close();
  }
}

function lowerCased(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

const CLOSED = 2;
/** Errors in a row that an `EventSource` may recover from by itself. */
const TOLERATED_ERRORS = 3;
const MAX_BACKOFF_MS = 300_000;

/** An `EventSource` of the user. It is made anew, with back-off, when it does not recover by itself. */
class ForeignStream implements PayloadStream {
  readonly #call: HelperCall;
  readonly #listener: StreamListener;
  #source: EventSourceCompat | null = null;
  #timer: NodeJS.Timeout | null = null;
  #errors = 0;
  /** Whether an `EventSource` could be made. */
  #isProven = false;
  /** Our own, if not. */
  #substitute: OwnStream | null = null;
  #isClosed = false;

  constructor(call: HelperCall, listener: StreamListener) {
    this.#call = call;
    this.#listener = listener;
    this.#open();
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#substitute?.close();
    this.#drop();
  }

  #open(): void {
    const { host, clientKey, headers } = this.#call;
    try {
      const source = helpers.eventSourceCall({ host, clientKey, headers });
      this.#source = source;
      const onEvent = (event: { readonly type: string; readonly data?: unknown }): void =>
        this.#receive(event.type, event.data);
      source.addEventListener("features", onEvent);
      source.addEventListener("features-updated", onEvent);
      source.onerror = () => this.#fail("the connection was lost");
      source.onopen = () => {
        this.#errors = 0;
        this.#listener.onOpen();
      };
      this.#isProven = true;
    } catch (cause) {
      this.#drop();
      if (!this.#isProven) {
        this.#listener.onUnusable(messageOf(cause));
        this.#substitute = new OwnStream(this.#call, this.#listener);
        return;
      }
      this.#errors = TOLERATED_ERRORS;
      this.#fail(`the EventSource implementation threw an error (${messageOf(cause)})`);
    }
  }

  #receive(type: string, data: unknown): void {
    try {
      dispatch(this.#listener, type, data);
      this.#errors = 0;
    } catch (cause) {
      this.#fail(messageOf(cause));
    }
  }

  #fail(reason: string): void {
    if (this.#isClosed || this.#timer !== null) return;
    this.#errors += 1;
    const isLost = this.#source === null || this.#source.readyState === CLOSED;
    this.#listener.onDown(reason);
    if (this.#errors <= TOLERATED_ERRORS && !isLost) return;
    this.#drop();
    const growingMs = 1_000 * 3 ** (this.#errors - TOLERATED_ERRORS) * (1 + Math.random());
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#open();
      },
      Math.min(growingMs, MAX_BACKOFF_MS),
    );
    this.#timer.unref?.(); // jsdom's timers are numbers
  }

  #drop(): void {
    const source = this.#source;
    this.#source = null;
    if (source === null) return;
    source.onopen = null;
    source.onerror = null;
    // One that is none may have no such method.
    source.close?.();
  }
}
