import { messageOf } from "@sortition/core/internal";
import { type EventSourceCompat, type HelperCall, helpers } from "./helpers.js";
import { openStream, type StreamListener } from "./open-stream.js";

const CLOSED = 2;
/** Number of consecutive errors after which we replace the `EventSource` instead of letting it reconnect. */
const TOLERATED_ERRORS = 3;
const MAX_BACKOFF_MS = 300_000;

/**
 * Wraps the user's `EventSource`. If it does not reconnect on its own, another one is created after a growing delay.
 */
export class ForeignStream {
  readonly #call: HelperCall;
  readonly #listener: StreamListener;
  readonly #onUnusable: (reason: string) => void;
  #source: EventSourceCompat | null = null;
  #timer: NodeJS.Timeout | null = null;
  #errors = 0;
  /** Whether creating an `EventSource` has succeeded. */
  #isProven = false;
  /** Ends our own stream, which is used if no `EventSource` could be created. */
  #endSubstitute = (): void => {};
  #isClosed = false;

  /** @param onUnusable - called if no `EventSource` can be created and our own stream is used. */
  constructor(call: HelperCall, listener: StreamListener, onUnusable: (reason: string) => void) {
    this.#call = call;
    this.#listener = listener;
    this.#onUnusable = onUnusable;
    this.#open();
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#endSubstitute();
    this.#drop();
  }

  #open(): void {
    const { host, clientKey, headers } = this.#call;
    try {
      const source = helpers.eventSourceCall({ host, clientKey, headers });
      this.#source = source;
      const onEvent: StreamListener["onEvent"] = (event) => this.#receive(event);
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
        this.#onUnusable(messageOf(cause));
        this.#endSubstitute = openStream(this.#call, this.#listener);
        return;
      }
      this.#errors = TOLERATED_ERRORS;
      this.#fail(`the EventSource implementation threw an error (${messageOf(cause)})`);
    }
  }

  #receive(event: Parameters<StreamListener["onEvent"]>[0]): void {
    try {
      this.#listener.onEvent(event);
      this.#errors = 0;
    } catch (cause) {
      this.#fail(messageOf(cause));
    }
  }

  #fail(reason: string): void {
    if (this.#isClosed || this.#timer !== null) return;
    this.#errors += 1;
    const isLost = this.#source === null || this.#source.readyState === CLOSED;
    this.#listener.onError({ error: { message: reason }, state: "waiting" });
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
    // The user's object may lack this method.
    source.close?.();
  }
}
