import { createClock } from "@sortition/core/internal";
import { Flapping, flappingPauseMs } from "./flapping.js";
import type { HelperCall } from "./helpers.js";
import { openStream, type StreamListener } from "./open-stream.js";

/** Pause after a refusal, or an event that is too large. Native clients wait as long. */
const REFUSED_MS = 300_000;

/**
 * Our own stream, until it is closed. It reconnects by itself; after a refusal, and when the server ends it again and
 * again, another one is opened later.
 */
export class KeptStream {
  readonly #call: HelperCall;
  readonly #listener: StreamListener;
  readonly #clock = createClock();
  readonly #flapping = new Flapping(this.#clock);
  #isOpen = false;
  #isClosed = false;
  #endConnection = (): void => {};
  #cancelReopening = (): void => {};

  constructor(call: HelperCall, listener: StreamListener) {
    this.#call = call;
    this.#listener = listener;
    this.#open();
  }

  /** Ends it in the same turn. */
  close(): void {
    this.#isClosed = true;
    this.#cancelReopening();
    this.#endConnection();
  }

  #open(): void {
    this.#endConnection = openStream(this.#call, {
      onOpen: () => {
        this.#isOpen = true;
        this.#listener.onOpen();
      },
      onEvent: (event) => this.#listener.onEvent(event),
      onError: (failure) => {
        if (failure.state !== "open") this.#lose(failure.state === "closed");
        this.#listener.onError(failure);
      },
    });
  }

  #lose(isRefused: boolean): void {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    const isFlapping = !isRefused && wasOpen && this.#flapping.noteLoss();
    // It reconnects by itself.
    if (this.#isClosed || !(isRefused || isFlapping)) return;
    const pauseMs = isRefused ? REFUSED_MS : flappingPauseMs(Math.random());
    this.#endConnection();
    const reopen = (): void => this.#open();
    this.#cancelReopening();
    this.#cancelReopening = this.#clock.setTimer(reopen, pauseMs, { holdsProcess: false });
  }
}
